/** An error that ends a command and that its user can correct: one line that says what was wrong and what to do. */
export class PlayerError extends Error {}
