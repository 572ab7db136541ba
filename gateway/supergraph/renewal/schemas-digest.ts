import { createHash } from 'node:crypto';
import type { SubgraphSchema } from './composition.js';

/** Returns a digest that does not depend on the order of the subgraphs. tools/composed-schemas.mjs makes the same. */
export function schemasDigest(schemas: readonly SubgraphSchema[]): string {
  const texts = schemas.map(({ name, sdl }) => [name, sdl.trim()]).sort();
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex');
}
