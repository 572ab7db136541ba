import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parse, type DocumentNode } from 'graphql';
import { projectPath } from '../root.js';

/** The schema of a subgraph: what all share, then every concept's `schema.graphql`, in the order of their paths. */
export function typeDefsOf(subgraph: string): DocumentNode {
  const folder = projectPath('subgraphs', subgraph);
  const concepts = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => basename(file) === 'schema.graphql')
    .sort()
    .map((file) => projectPath('subgraphs', subgraph, file));
  const files = [projectPath('shared/graphql/hub.graphql'), ...concepts];
  return parse(files.map((file) => readFileSync(file, 'utf8')).join('\n'));
}
