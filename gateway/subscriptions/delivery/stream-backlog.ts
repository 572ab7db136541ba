/** As for WebSockets. */
const MOST_BUFFERED_BYTES = 4 * 1024 * 1024;

/** How much waits for one event stream. The protocol library keeps messages itself and does not say how many. */
export class StreamBacklog {
  #bytes = 0;

  get isTooLong(): boolean {
    return this.#bytes > MOST_BUFFERED_BYTES;
  }

  add(bytes: number): void {
    this.#bytes += bytes;
  }

  /** What is sent is a little longer than what was counted: the frame of each event, and pings. */
  sent(bytes: number): void {
    this.#bytes = Math.max(0, this.#bytes - bytes);
  }
}
