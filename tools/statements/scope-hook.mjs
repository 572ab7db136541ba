/**
 * A module hook for node (https://nodejs.org/api/module.html#customization-hooks): gives each compiled module of the project a
 * function that evaluates an expression in its scope. JavaScript, because node loads it before anything is compiled.
 */
const COMPILED = /\/dist\/.*\.js$/;

export async function load(url, context, nextLoad) {
  const loaded = await nextLoad(url, context);
  if (loaded.format !== 'module' || !COMPILED.test(url)) return loaded;
  const source = `${loaded.source}\nexport const evaluateInScope = (code) => eval(code);\n`;
  return { ...loaded, source, shortCircuit: true };
}
