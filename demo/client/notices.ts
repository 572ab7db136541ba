/** A broken file or token causes thousands of similar messages; the first ones are enough. */
const SHOWN = 20;

/** Messages for the user at the end of a command, each printed once with its count. */
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
