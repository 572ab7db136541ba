import type { JsonObject } from './run.js';

/**
 * Merges a subgraph's response into the data. Objects are merged, lists of equal length entry by entry; everything else is
 * replaced, by null too. Parts of `source` become parts of `target`.
 */
export function merge(target: JsonObject, source: JsonObject | null | undefined): void {
  if (source === null || source === undefined || source === target) return;
  for (const key of Object.keys(source)) {
    // Assigned as a key it would replace the prototype of the target.
    if (key === '__proto__') continue;
    const value = source[key];
    if (value === undefined) continue;
    const held = Object.hasOwn(target, key) ? target[key] : undefined;
    if (held && isObject(value)) merge(held as JsonObject, value);
    else if (Array.isArray(value) && Array.isArray(held) && value.length === held.length) {
      mergeEntries(held, value);
    } else target[key] = value;
  }
}

function mergeEntries(target: unknown[], source: readonly unknown[]): void {
  for (let index = 0; index < source.length; index += 1) {
    const value = source[index];
    const held = target[index];
    if (isObject(held) && isObject(value)) merge(held, value);
    else target[index] = value;
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
