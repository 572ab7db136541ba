interface Place<Out> {
  result?: { value: Out };
}

/**
 * Runs several inputs at once and hands their results on in the order of the inputs. Waiting for each one before the next
 * would make a stream as slow as the sum of its fetches.
 */
export class OrderedPipeline<In, Out> {
  readonly #run: (input: In) => Promise<Out>;
  readonly #emit: (output: Out) => void;
  readonly #atOnce: number;
  readonly #running: Place<Out>[] = [];
  readonly #waiting: In[] = [];

  /** `run` must not reject. */
  constructor(run: (input: In) => Promise<Out>, emit: (output: Out) => void, atOnce: number) {
    this.#run = run;
    this.#emit = emit;
    this.#atOnce = atOnce;
  }

  /** Inputs that nobody works on yet. */
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
      const place: Place<Out> = {};
      this.#running.push(place);
      void this.#run(input).then((value) => {
        place.result = { value };
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
