/** The hub cannot start under these conditions: one line that says what was expected, what was found, and what to do. */
export class StartRefusal extends Error {}
