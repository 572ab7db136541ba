/** A round of reports takes 10 s; a message that is not there 20 s later is lost. */
const PATIENCE_MS = 30_000;

/** When each report was sent and how long each message about it took. A report is known by its source. */
export class Board {
  /** Numbers of the subscribers that have heard anything. */
  readonly heard = new Set<number>();
  readonly #sentAt = new Map<string, number>();
  #latencies: number[] = [];
  #expected = 0;
  #settle = { complete: (_: number[]) => {}, fail: (_: unknown) => {} };
  #problem: { cause: unknown } | undefined;

  sent(source: string): void {
    this.#sentAt.set(source, performance.now());
  }

  /** Forgets what came before and gives the latencies, in milliseconds, once this many messages have arrived. */
  expect(messages: number): Promise<number[]> {
    this.#latencies = [];
    this.#expected = messages;
    return new Promise((complete, fail) => {
      this.#settle = { complete, fail };
      this.check();
    });
  }

  /** A message about a report of which nobody noted when it was sent shows only that the subscriber hears. */
  arrived(source: string, subscriber: number): void {
    const sentAt = this.#sentAt.get(source);
    this.heard.add(subscriber);
    if (sentAt === undefined) return;
    this.#latencies.push(performance.now() - sentAt);
    if (this.#latencies.length === this.#expected) this.#settle.complete(this.#latencies);
  }

  /** Ends the measurement: what was promised did not happen. */
  broke(error: unknown): void {
    this.#problem ??= { cause: error };
    this.#settle.fail(error);
  }

  /** Throws what broke, if anything did. */
  check(): void {
    if (this.#problem) throw this.#problem.cause;
  }

  /** Breaks off when not all messages have come in time. */
  orLost(latencies: Promise<number[]>): Promise<number[]> {
    const timer = setTimeout(() => {
      const missing = this.#expected - this.#latencies.length;
      this.broke(
        new Error(
          `${missing} messages of a round did not arrive within ${PATIENCE_MS / 1000} s of its start.`,
        ),
      );
    }, PATIENCE_MS);
    return latencies.finally(() => clearTimeout(timer));
  }
}
