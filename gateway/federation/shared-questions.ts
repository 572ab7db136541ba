import type { Changes } from './changes.js';
import type { Received } from './received.js';

interface UnderWay {
  /** Of the changes when it was asked. */
  since: number;
  received: Promise<Received>;
}

/**
 * Questions that are under way to one subgraph. Who asks the same with the same token meanwhile gets the same answer, unless
 * something has changed in between. A token stands for a claim set; one that names a human is never given to this.
 */
export class SharedQuestions {
  readonly #changes: Changes;
  /** By token, then by the text that is sent. */
  readonly #underWay = new Map<string, Map<string, UnderWay>>();

  constructor(changes: Changes) {
    this.#changes = changes;
  }

  /** The answer to the same question that is under way; undefined when there is none to wait for. */
  joined(token: string, body: string): Promise<Received> | undefined {
    const same = this.#underWay.get(token)?.get(body);
    return same?.since === this.#changes.count ? same.received : undefined;
  }

  /** From now on others may join. */
  began(token: string, body: string, received: Promise<Received>): void {
    const question = { since: this.#changes.count, received };
    let questions = this.#underWay.get(token);
    if (!questions) {
      questions = new Map<string, UnderWay>();
      this.#underWay.set(token, questions);
    }
    questions.set(body, question);
    const ended = () => this.#ended(token, body, question);
    received.then(ended, ended);
  }

  #ended(token: string, body: string, question: UnderWay): void {
    const questions = this.#underWay.get(token);
    // A later one may have taken its place.
    if (questions?.get(body) !== question) return;
    questions.delete(body);
    if (questions.size === 0) this.#underWay.delete(token);
  }
}
