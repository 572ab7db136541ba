/** A plan, or a part of one, that only the stock executor supports. */
export class UnsupportedPlan extends Error {}

/**
 * Rejects names that every object inherits. The own executor reads and writes plain objects, so the stock executor, which
 * checks each name, executes an operation whose client uses such a name. Throws UnsupportedPlan.
 */
export function checkName(name: string): void {
  if (name in Object.prototype)
    throw new UnsupportedPlan(`${name} is a name that every object has`);
}
