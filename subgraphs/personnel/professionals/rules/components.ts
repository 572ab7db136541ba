/** A record and the person as whom it counts. */
export interface CountedRecord {
  id: string;
  person: string;
}

/** Two records that are, or may be, of one person. */
export type Pair = readonly [a: string, b: string];

/**
 * Returns the records that count as another person than before. Records that are connected by pairs count as one person, which has the id
 * of the smallest of them: each person once over all organisations (R46).
 */
export function regrouped(
  records: readonly CountedRecord[],
  pairs: readonly Pair[],
): CountedRecord[] {
  const parents = new Map(records.map(({ id }) => [id, id]));
  const rootOf = (id: string): string => {
    let root = id;
    while (parents.get(root)! !== root) root = parents.get(root)!;
    for (let at = id; at !== root;) {
      const next = parents.get(at)!;
      parents.set(at, root);
      at = next;
    }
    return root;
  };
  for (const [a, b] of pairs) {
    if (!parents.has(a) || !parents.has(b)) continue;
    const [first, second] = [rootOf(a), rootOf(b)].sort() as [string, string];
    parents.set(second, first);
  }
  return records.flatMap(({ id, person }) => {
    const counted = rootOf(id);
    return counted === person ? [] : [{ id, person: counted }];
  });
}
