// JavaScript, because it runs before anything is compiled.
/**
 * Writes to gateway/generated/composition.json from which schemas the committed supergraph is composed, as a digest, so that a gateway
 * which finds the same ones served does not compose them again. Empty while the committed supergraph is another than that of the sources.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { composeServices } from '@apollo/composition';
import { buildSubgraph, printSchema } from '@apollo/federation-internals';
import { schemaOf, subgraphNames } from './generate-types.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

const services = subgraphNames().map((name) => ({
  name,
  url: `http://${name}/graphql`,
  typeDefs: schemaOf(name),
}));
const committed = readFileSync(join(root, 'gateway/supergraph.graphql'), 'utf8');
const { supergraphSdl } = composeServices(services);
const composition =
  supergraphSdl?.trim() === committed.trim() ? { schemas: digestOf(services) } : {};
const file = join(root, 'gateway/generated/composition.json');
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, `${JSON.stringify(composition)}\n`);

/** Returns the digest of gateway/supergraph/renewal/schemas-digest.ts for the schemas as the subgraphs serve them. */
function digestOf(subgraphs) {
  const schemas = subgraphs.map(({ name, typeDefs }) => [
    name,
    printSchema(buildSubgraph(name, '', typeDefs).schema).trim(),
  ]);
  return createHash('sha256').update(JSON.stringify(schemas.sort())).digest('hex');
}
