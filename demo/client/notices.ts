/** A broken file or token gives thousands of like messages; the first ones tell the story. */
const SHOWN = 20;

/** What a person should know after a command that played something, each thing said once. */
export class Notices {
  readonly #counts = new Map<string, number>();

  add(message: string): void {
    this.#counts.set(message, (this.#counts.get(message) ?? 0) + 1);
  }

  print(out: NodeJS.WritableStream): void {
    const lines = [...this.#counts].map(([message, count]) =>
      count === 1 ? message : `${message} (${count} times)`,
    );
    for (const line of lines.slice(0, SHOWN)) out.write(`${line}\n`);
    if (lines.length > SHOWN) out.write(`... and ${lines.length - SHOWN} more.\n`);
  }
}
