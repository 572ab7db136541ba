/** The beginning of a text that is an operation, with its keyword or without; no SQL and no prose. */
const OPERATION = /[`'"]\s*((query|mutation|subscription)\b[^`'";]*[({]|\{\s*[a-z]\w*\s*[({])/g;

/** Returns one line for each operation that stands in code, where the build does not validate it. */
export function strayOperations(file: string, text: string): string[] {
  return [...text.matchAll(OPERATION)].map(
    ({ index }) =>
      `${file}:${text.slice(0, index).split('\n').length}: an operation belongs in the operations.graphql of its folder, which the build validates and types.`,
  );
}
