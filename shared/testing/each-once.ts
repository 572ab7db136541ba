/**
 * Returns a function that gives each value of a list once, in its order, for tests that must not meet. The list may be filled
 * later, when the world is there. Throws when no value is left.
 */
export function eachOnce<Value>(values: () => readonly Value[]): () => Value {
  let next = 0;
  return () => {
    const all = values();
    if (next >= all.length) throw new Error(`All ${all.length} values are in use: list more.`);
    return all[next++]!;
  };
}
