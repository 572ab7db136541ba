/** The hub cannot start as things are: one line that says what was expected, what came, and what to do. */
export class StartRefusal extends Error {}
