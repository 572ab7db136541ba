// JavaScript, because it runs before anything is compiled.
/**
 * Writes the operations of each client folder, from its `operations.graphql`, as typed documents to `generated/operations.ts`
 * beside it. An operation that the schema does not have fails the build. `tools/operations/clients.json` names the folders and
 * the schema that each sends to: `api` is what clients of the gateway see, any other name is a subgraph.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { codegen } from '@graphql-codegen/core';
import * as documents from '@graphql-codegen/typed-document-node';
import * as typescript from '@graphql-codegen/typescript';
import * as operations from '@graphql-codegen/typescript-operations';
import { parse, printSchema } from 'graphql';
import { schemaOf, subgraphNames } from './generate-types.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const CONFIG = {
  // Only the types that the operations use.
  onlyOperationTypes: true,
  useTypeImports: true,
  enumsAsTypes: true,
  immutableTypes: true,
  // A nullable field of a response is null, never absent.
  avoidOptionals: { field: true, inputValue: false, defaultValue: false, object: false },
  // Operations select `__typename` where they read it.
  skipTypename: true,
  // JSON has no instants.
  scalars: { DateTime: 'string', ID: 'string' },
  // A text is sent as it is; a parsed document would be printed for every request.
  documentMode: 'string',
  emitLegacyCommonJSImports: false,
};

/** @param {string} name */
function clientSchema(name) {
  if (name !== 'api') return buildSubgraphSchema({ typeDefs: schemaOf(name) });
  const services = subgraphNames().map((subgraph) => ({
    name: subgraph,
    url: `http://${subgraph}/graphql`,
    typeDefs: schemaOf(subgraph),
  }));
  const { errors, schema } = composeServices(services);
  if (errors) throw new Error(errors.map(({ message }) => message).join('\n'));
  return schema.toAPISchema().toGraphQLJSSchema();
}

/**
 * Returns the source of a module with a typed document for each operation of a text. Throws for one that the schema does not have.
 * @param {import('graphql').GraphQLSchema} schema @param {string} location @param {string} text
 */
export function typedDocuments(schema, location, text) {
  return codegen({
    filename: 'operations.ts',
    schema: parse(printSchema(schema)),
    schemaAst: schema,
    documents: [{ location, document: parse(text) }],
    config: CONFIG,
    plugins: [{ typescript: {} }, { operations: {} }, { documents: {} }],
    pluginMap: { typescript, operations, documents },
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const clients = JSON.parse(readFileSync(join(root, 'tools/operations/clients.json'), 'utf8'));
  const schemas = new Map();
  for (const [folder, name] of Object.entries(clients)) {
    if (!schemas.has(name)) schemas.set(name, clientSchema(name));
    const location = join(folder, 'operations.graphql');
    const text = readFileSync(join(root, location), 'utf8');
    const filename = join(root, folder, 'generated/operations.ts');
    mkdirSync(dirname(filename), { recursive: true });
    writeFileSync(filename, await typedDocuments(schemas.get(name), location, text));
  }
}
