/** The findings of a bench; the keys that the project promises come first. */
export type Figures = Record<string, unknown>;

/** Says how far a bench is; standard output is for the result alone. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
