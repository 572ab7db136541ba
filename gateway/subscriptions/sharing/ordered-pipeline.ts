interface Slot<Out> {
  result?: { value: Out };
}

/**
 * Processes several inputs concurrently and emits their results in the order of the inputs. Sequential processing would make a
 * stream as slow as the sum of its fetches.
 */
export class OrderedPipeline<In, Out> {
  readonly #run: (input: In) => Promise<Out>;
  readonly #emit: (output: Out) => void;
  readonly #atOnce: number;
  readonly #running: Slot<Out>[] = [];
  readonly #waiting: In[] = [];

  /** `run` must not reject. */
  constructor(run: (input: In) => Promise<Out>, emit: (output: Out) => void, atOnce: number) {
    this.#run = run;
    this.#emit = emit;
    this.#atOnce = atOnce;
  }

  /** Inputs whose processing has not begun. */
  get waiting(): number {
    return this.#waiting.length;
  }

  get isIdle(): boolean {
    return this.#running.length === 0 && this.#waiting.length === 0;
  }

  push(input: In): void {
    this.#waiting.push(input);
    this.#startNext();
  }

  #startNext(): void {
    while (this.#waiting.length > 0 && this.#running.length < this.#atOnce) {
      const input = this.#waiting.shift() as In;
      const slot: Slot<Out> = {};
      this.#running.push(slot);
      void this.#run(input).then((value) => {
        slot.result = { value };
        this.#emitFinished();
      });
    }
  }

  #emitFinished(): void {
    let first = this.#running[0];
    while (first?.result) {
      this.#running.shift();
      this.#emit(first.result.value);
      first = this.#running[0];
    }
    this.#startNext();
  }
}
