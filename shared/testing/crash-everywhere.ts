/** No act has as many awaits. */
export const MOST_AWAITS = 100;

/** Crashes before each await of an act, one after the other, every time on an entity of its own; returns the entities in that order. */
export async function crashEverywhere(
  prepare: () => Promise<string>,
  act: (id: string, killAt: number) => Promise<boolean>,
): Promise<string[]> {
  const things: string[] = [];
  for (let killAt = 1; killAt <= MOST_AWAITS; killAt++) {
    things.push(await prepare());
    if (!(await act(things.at(-1)!, killAt))) return things;
  }
  throw new Error(`The act has more than ${MOST_AWAITS} awaits.`);
}
