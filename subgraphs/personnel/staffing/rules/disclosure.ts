/** Numbers that could reveal who is bound elsewhere are shown in steps of this number of people; fewer are never shown (R50). */
export const STEP = 5;

/** A number of people, and how much of it is shown. */
export interface Share {
  count: number;
  /** A multiple of `STEP`, at most `count`. */
  shown: number;
  /** How many more there can be, as far as everybody knows. It follows from what is shown and not from `count`. */
  hiddenAtMost: number;
}

/** Rounds down to a multiple of `STEP`. */
function rounded(people: number): number {
  return people - (people % STEP);
}

/** Returns the share of a facility that is shown in steps to those who lead its area; there are at most `most` people. */
export function shareInSteps(count: number, most: number): Share {
  const shown = rounded(count);
  return { count, shown, hiddenAtMost: Math.min(STEP - 1, most - shown) };
}

/** Returns the share of a facility that is shown in sums of areas alone; there are at most `most` people. */
export function hiddenShare(count: number, most: number): Share {
  return { count, shown: 0, hiddenAtMost: most };
}

/**
 * Returns the share of an area, of whose parts everybody may know what is shown. It shows its people in steps too, but no more than can be
 * without any two of its parts: one that somebody would derive, and one that they know exactly, as a facility knows its own numbers. So
 * no part can be derived from it (complementary suppression). The limit follows from what is shown, so that it reveals nothing itself.
 */
export function shareOfArea(parts: readonly Share[]): Share {
  const count = sumOf(parts, (part) => part.count);
  const least = sumOf(parts, ({ shown }) => shown);
  const hidden = parts.map(({ hiddenAtMost }) => hiddenAtMost).sort((a, b) => b - a);
  const [derived = 0, known = 0] = hidden;
  const hiddenInParts = sumOf(hidden, (people) => people);
  const limit = rounded(hiddenInParts - derived - known);
  const beyond = Math.min(rounded(count) - least, limit);
  const left = hiddenInParts - beyond;
  // Below the limit less than a step is hidden, which everybody can conclude.
  return {
    count,
    shown: least + beyond,
    hiddenAtMost: beyond < limit ? Math.min(STEP - 1, left) : left,
  };
}

function sumOf<One>(all: readonly One[], number: (one: One) => number): number {
  return all.reduce((sum, one) => sum + number(one), 0);
}
