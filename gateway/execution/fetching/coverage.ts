/** What the gateway's own executor leaves to the stock one. */
export class NotCovered extends Error {}

/**
 * Names that every object has before anything is put into it. The own executor reads and writes plain objects, so a client
 * that calls a field like one of them is answered by the stock executor, which looks twice.
 */
export function checkName(name: string): void {
  if (name in Object.prototype) throw new NotCovered(`${name} is a name every object has`);
}
