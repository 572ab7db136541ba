/** A round of reports takes 10 s; a message that is not there 20 s later is lost. */
const PATIENCE_MS = 30_000;

/** Records when each report was sent and the latency of each message about it. Its source identifies a report. */
export class Board {
  /** Numbers of the subscribers that have received a message. */
  readonly receiving = new Set<number>();
  readonly #sentAt = new Map<string, number>();
  #latencies: number[] = [];
  #expected = 0;
  #finish = { complete: (_: number[]) => {}, fail: (_: unknown) => {} };
  #problem: { cause: unknown } | undefined;

  sent(source: string): void {
    this.#sentAt.set(source, performance.now());
  }

  /** Forgets earlier messages and returns the latencies, in milliseconds, once this many messages have arrived. */
  expect(messages: number): Promise<number[]> {
    this.#latencies = [];
    this.#expected = messages;
    return new Promise((complete, fail) => {
      this.#finish = { complete, fail };
      this.check();
    });
  }

  /** Records a message. Without the time of its report it shows only that the subscriber receives messages. */
  arrived(source: string, subscriber: number): void {
    const sentAt = this.#sentAt.get(source);
    this.receiving.add(subscriber);
    if (sentAt === undefined) return;
    this.#latencies.push(performance.now() - sentAt);
    if (this.#latencies.length === this.#expected) this.#finish.complete(this.#latencies);
  }

  /** Ends the measurement with an error. */
  fail(error: unknown): void {
    this.#problem ??= { cause: error };
    this.#finish.fail(error);
  }

  /** Throws the error that ended the measurement, if there is one. */
  check(): void {
    if (this.#problem) throw this.#problem.cause;
  }

  /** Ends the measurement when not all messages arrive in time. */
  orLost(latencies: Promise<number[]>): Promise<number[]> {
    const timer = setTimeout(() => {
      const missing = this.#expected - this.#latencies.length;
      this.fail(
        new Error(
          `${missing} messages of a round did not arrive within ${PATIENCE_MS / 1000} s of its start.`,
        ),
      );
    }, PATIENCE_MS);
    return latencies.finally(() => clearTimeout(timer));
  }
}
