import DataLoader from 'dataloader';

type Load<Row> = (keys: readonly string[]) => Promise<readonly Row[]>;

/**
 * Loads rows by a key that one row has at most; undefined for a key that none has. All keys that a request names in one tick are
 * loaded with one call of `load`, which may return the rows in any order.
 */
export function rowLoader<Row>(
  load: Load<Row>,
  keyOf: (row: Row) => string,
): DataLoader<string, Row | undefined> {
  return new DataLoader(async (keys) => {
    const rows = new Map((await load(keys)).map((row) => [keyOf(row), row]));
    return keys.map((key) => rows.get(key));
  });
}

/** Loads rows by a key that many rows share; each list keeps the order in which `load` returns its rows. */
export function listLoader<Row>(
  load: Load<Row>,
  keyOf: (row: Row) => string,
): DataLoader<string, Row[]> {
  return new DataLoader(async (keys) => listsByKey(keys, await load(keys), keyOf));
}

/** Returns the rows of each key, in the order of the keys. */
export function listsByKey<Row>(
  keys: readonly string[],
  rows: readonly Row[],
  keyOf: (row: Row) => string,
): Row[][] {
  const lists = new Map<string, Row[]>(keys.map((key) => [key, []]));
  for (const row of rows) lists.get(keyOf(row))!.push(row);
  return keys.map((key) => lists.get(key)!);
}
