import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parse, type DocumentNode } from 'graphql';
import { projectPath } from '../root.js';

/**
 * Returns the schema of a subgraph: what all share, then every concept's `schema.graphql` and its parts
 * (`schema-<part>.graphql`), in the order of their paths.
 */
export function typeDefsOf(subgraph: string): DocumentNode {
  const files = [
    ...filesBelow('shared/graphql', (name) => name.endsWith('.graphql')),
    ...filesBelow(`subgraphs/${subgraph}`, (name) => /^schema(-[a-z-]+)?\.graphql$/.test(name)),
  ];
  return parse(files.map((file) => readFileSync(file, 'utf8')).join('\n'));
}

function filesBelow(folder: string, isWanted: (name: string) => boolean): string[] {
  return readdirSync(projectPath(folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => isWanted(basename(file)))
    .sort()
    .map((file) => projectPath(folder, file));
}
