/**
 * How often something may have changed, as far as this gateway knows: a mutation was answered, an event came. Who asks
 * after that must see it, and so shares nothing that was asked before.
 */
export class Changes {
  #count = 0;

  get count(): number {
    return this.#count;
  }

  happened(): void {
    this.#count += 1;
  }
}
