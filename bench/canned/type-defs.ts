import { readFileSync } from 'node:fs';
import { composeServices } from '@apollo/composition';
import { parse, visit, type DocumentNode } from 'graphql';
import { projectPath } from '../../shared/root.js';

export const CANNED = ['accounts', 'products', 'inventory', 'reviews'] as const;
export type CannedName = (typeof CANNED)[number];
export type CannedUrls = Record<CannedName, string>;

/** Directives that our gateway checks and the peers do not: who may read a field, and what an operation may cost. */
const OURS_ALONE = new Set(['requiresScopes', 'listSize']);
const LINK = `
  extend schema @link(
    url: "https://specs.apollo.dev/federation/v2.9"
    import: ["@key", "@external", "@requires", "@requiresScopes", "@listSize"]
  )
`;

/**
 * The schema of a subgraph. For the peers in the style of Federation 1, which the gateway of Mercurius needs, and
 * without rights, with which the stock gateway does not start.
 */
export function typeDefs(name: CannedName, { withRights }: { withRights: boolean }): DocumentNode {
  const sdl = readFileSync(projectPath('bench', 'canned', `${name}.graphql`), 'utf8');
  if (withRights) return parse(LINK + sdl);
  return visit(parse(sdl), {
    Directive: (directive) => (OURS_ALONE.has(directive.name.value) ? null : undefined),
  });
}

export function supergraph(urls: CannedUrls, rights: { withRights: boolean }): string {
  const { supergraphSdl, errors } = composeServices(
    CANNED.map((name) => ({ name, url: urls[name], typeDefs: typeDefs(name, rights) })),
  );
  if (!supergraphSdl) throw new AggregateError(errors ?? [], 'the canned subgraphs do not compose');
  return supergraphSdl;
}
