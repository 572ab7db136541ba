// JavaScript, because it runs before anything is compiled.
// Writes the TypeScript types of each subgraph's schema, or of those named, to subgraphs/<name>/generated/graphql.ts.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { basename, dirname, join } from 'node:path';
import { codegen } from '@graphql-codegen/core';
import * as typescript from '@graphql-codegen/typescript';
import * as resolvers from '@graphql-codegen/typescript-resolvers';
import { parse } from 'graphql';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Returns the files that `typeDefsOf` in shared/subgraph/type-defs.ts reads, in its order. */
export function schemaOf(subgraph) {
  const files = [
    ...filesBelow('shared/graphql', (name) => name.endsWith('.graphql')),
    ...filesBelow(`subgraphs/${subgraph}`, (name) => /^schema(-[a-z-]+)?\.graphql$/.test(name)),
  ];
  return parse(files.map((file) => readFileSync(file, 'utf8')).join('\n'));
}

function filesBelow(folder, isWanted) {
  return readdirSync(join(root, folder), { recursive: true })
    .filter((file) => isWanted(basename(file)))
    .sort()
    .map((file) => join(root, folder, file));
}

/** The type of the value that a resolver gets for a type, where that is not the type itself: `mappers.json` of the subgraph. */
function mappersOf(subgraph) {
  return JSON.parse(readFileSync(join(root, 'subgraphs', subgraph, 'mappers.json'), 'utf8'));
}

export async function generateTypes(subgraph) {
  const filename = join(root, 'subgraphs', subgraph, 'generated/graphql.ts');
  const config = {
    federation: true,
    useTypeImports: true,
    enumsAsTypes: true,
    avoidOptionals: { field: true },
    scalars: { DateTime: 'Date', ID: 'string' },
    contextType: '../context.js#Context',
    mappers: mappersOf(subgraph),
    resolversNonOptionalTypename: { unionMember: true },
    emitLegacyCommonJSImports: false,
  };
  const content = await codegen({
    filename,
    schema: schemaOf(subgraph),
    documents: [],
    config,
    plugins: [{ typescript: {} }, { resolvers: {} }],
    pluginMap: { typescript, resolvers },
  });
  mkdirSync(dirname(filename), { recursive: true });
  writeFileSync(filename, content);
}

/** The folders of subgraphs/, each of which is a subgraph. */
export function subgraphNames() {
  return readdirSync(join(root, 'subgraphs'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const named = process.argv.slice(2);
  for (const subgraph of named.length > 0 ? named : subgraphNames()) await generateTypes(subgraph);
}
