/** What stops a replay and the one who started it can mend: one line that says what came and what to do. */
export class ReplayError extends Error {}
