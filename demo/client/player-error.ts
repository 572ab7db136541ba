/** What stops a player and the one who started it can mend: one line that says what came and what to do. */
export class PlayerError extends Error {}
