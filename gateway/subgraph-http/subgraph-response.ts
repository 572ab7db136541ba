import type { SubgraphAnswer } from '../core/subgraph-request.js';
import type { HttpAnswer } from './subgraph-connections.js';

/** One answer for one or several who asked. */
export class Received {
  /** Of every answer that is taken from this. */
  readonly errors: SubgraphAnswer['errors'];
  readonly #read: () => SubgraphAnswer;
  #first: SubgraphAnswer | undefined;

  /** `read` makes another one of the same text; it is called for the second taker. */
  constructor(first: SubgraphAnswer, read: () => SubgraphAnswer) {
    this.errors = first.errors;
    this.#first = first;
    this.#read = read;
  }

  /** Each time an answer of its own: whoever gets it changes it. */
  take(): SubgraphAnswer {
    const first = this.#first ?? this.#read();
    this.#first = undefined;
    return first;
  }

  /** The same with other errors. */
  withErrors(errors: NonNullable<SubgraphAnswer['errors']>): Received {
    const shown = () => ({ ...this.take(), errors });
    return new Received(shown(), shown);
  }
}

/** Throws when it is no answer of a GraphQL server. */
export function received({ status, text }: HttpAnswer): Received {
  const answer = parsed(text);
  if (!isAnswer(answer) || (status >= 400 && !answer.errors)) {
    throw notExpected('a GraphQL answer', status, text);
  }
  return new Received(answer, () => JSON.parse(text) as SubgraphAnswer);
}

/** What came instead of a list of answers. */
export class NoListOfAnswers extends Error {
  readonly status: number;

  constructor(what: string, { status, text }: HttpAnswer) {
    super(notExpected(what, status, text).message);
    this.status = status;
  }
}

/**
 * The answers to several questions that were sent as one. Each is taken by itself: one that was refused gives all of them
 * its status. Throws NoListOfAnswers.
 */
export function receivedTogether(answer: HttpAnswer, count: number): Received[] {
  const { text } = answer;
  const answers = parsed(text);
  if (!Array.isArray(answers) || answers.length !== count) {
    throw new NoListOfAnswers(`${count} GraphQL answers`, answer);
  }
  // Written down once more only when two want the same one; whoever is first changes what he gets.
  let texts: string[] | undefined;
  const textOf = (index: number) => {
    texts ??= (JSON.parse(text) as SubgraphAnswer[]).map((answer) => JSON.stringify(answer));
    return texts[index]!;
  };
  return answers.map((one: unknown, index) => {
    if (!isAnswer(one)) throw new NoListOfAnswers('only GraphQL answers', answer);
    return new Received(one, () => JSON.parse(textOf(index)) as SubgraphAnswer);
  });
}

function isAnswer(answer: unknown): answer is SubgraphAnswer {
  if (typeof answer !== 'object' || answer === null) return false;
  return 'data' in answer || ('errors' in answer && Array.isArray(answer.errors));
}

function notExpected(what: string, status: number, text: string): Error {
  return new Error(`expected ${what}; got status ${status} and ${text.length} characters`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
