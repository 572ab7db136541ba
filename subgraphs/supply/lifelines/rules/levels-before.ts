/** A time from one instant up to, and without, another, in milliseconds. */
export interface Span {
  from: number;
  until: number;
}

/** The highest level that was observed in a span. */
export interface LevelOfSpan extends Span {
  most: number;
}

/**
 * Cuts the times before instants, each of the same length, where one of them begins or ends: whatever was observed there, no more than two
 * numbers for each instant have to be read.
 */
export function spansBefore(instants: readonly number[], length: number): Span[] {
  const ends = inOrder(instants);
  const cuts = inOrder(ends.flatMap((end) => [end - length, end]));
  const spans: Span[] = [];
  let next = 0;
  for (const [n, from] of cuts.slice(0, -1).entries()) {
    while (ends[next]! <= from) next++;
    if (ends[next]! - length <= from) spans.push({ from, until: cuts[n + 1]! });
  }
  return spans;
}

/**
 * Returns the highest level in the time before each instant; none where nothing was observed in it.
 *
 * @param levels Of spans as `spansBefore` cut them for these instants, in any order.
 */
export function mostBefore(
  instants: readonly number[],
  length: number,
  levels: readonly LevelOfSpan[],
): ReadonlyMap<number, number> {
  const spans = levels.toSorted((a, b) => a.from - b.from);
  const most = new Map<number, number>();
  // Those of the present time that no later one exceeds, the highest first, from `first` on.
  const highest: LevelOfSpan[] = [];
  let [first, next] = [0, 0];
  for (const end of inOrder(instants)) {
    for (; next < spans.length && spans[next]!.until <= end; next++) {
      while (highest.length > first && highest.at(-1)!.most <= spans[next]!.most) highest.pop();
      highest.push(spans[next]!);
    }
    while (first < highest.length && highest[first]!.from < end - length) first++;
    if (first < highest.length) most.set(end, highest[first]!.most);
  }
  return most;
}

function inOrder(instants: readonly number[]): number[] {
  return [...new Set(instants)].sort((a, b) => a - b);
}
