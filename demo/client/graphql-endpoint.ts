import { errors, Pool } from 'undici';
import { PlayerError } from './player-error.js';

/** The hub does not answer, or takes no more from this caller, for the moment: the same call may succeed later. */
export class Away extends PlayerError {
  /** Not before so many milliseconds, if the hub has said so. */
  readonly afterMs: number;

  constructor(message: string, afterMs = 0) {
    super(message);
    this.afterMs = afterMs;
  }
}

interface Answer<Data> {
  data?: Data | null;
  errors?: { message: string; extensions?: { code?: string } }[];
}

/** Gives a client's token that is good for the next call. */
export type GiveToken = () => Promise<string>;

/** GraphQL over HTTP, with what can go wrong said in one line. */
export class GraphQLEndpoint {
  readonly #pool: Pool;
  readonly #url: URL;
  readonly #advice: string;

  /** `advice` says what to do about a token that is not accepted. */
  constructor(url: string, connections: number, advice: string) {
    this.#url = new URL(url);
    this.#pool = new Pool(this.#url.origin, { connections });
    this.#advice = advice;
  }

  /** Throws Away when another attempt makes sense, otherwise PlayerError. */
  async ask<Data>(token: GiveToken, query: string, variables: object): Promise<Data> {
    const body = JSON.stringify({ query, variables });
    const { statusCode, text, retryAfterMs } = await this.#post(await token(), body);
    const answer = parsed<Data>(text);
    const problem = answer?.errors?.[0];
    const code = problem?.extensions?.code;
    if (statusCode >= 502 || code === 'SERVICE_UNAVAILABLE') {
      throw new Away(`The hub is not available: ${problem?.message ?? `status ${statusCode}`}`);
    }
    if (code === 'UNAUTHENTICATED' || code === 'FORBIDDEN') {
      throw new PlayerError(
        `The hub does not accept the token: ${problem?.message} ${this.#advice}`,
      );
    }
    // A limit that any such request exceeds is 400; everything else passes with the load.
    if (statusCode === 429 || (code === 'TOO_MUCH' && statusCode !== 400)) {
      throw new Away(`The hub refused the call: ${problem?.message ?? 'too many'}`, retryAfterMs);
    }
    if (problem) throw new PlayerError(`The hub refused the call: ${problem.message}`);
    if (!answer?.data) {
      throw new PlayerError(
        `${this.#url.href} answered with status ${statusCode} and no GraphQL result. Check --url.`,
      );
    }
    return answer.data;
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  async #post(token: string, body: string) {
    try {
      const {
        statusCode,
        headers,
        body: answer,
      } = await this.#pool.request({
        method: 'POST',
        path: this.#url.pathname + this.#url.search,
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body,
      });
      const retryAfterMs = Number(headers['retry-after'] ?? 0) * 1000;
      return { statusCode, text: await answer.text(), retryAfterMs };
    } catch (error) {
      if (!isConnectionFault(error)) throw error;
      throw new Away(
        `No hub answers at ${this.#url.href}: start it with npm start, or name another with --url.`,
      );
    }
  }
}

/** Undefined for an answer that is no JSON: whatever listens there is no hub. */
function parsed<Data>(text: string): Answer<Data> | undefined {
  try {
    return JSON.parse(text) as Answer<Data>;
  } catch {
    return undefined;
  }
}

/** Faults of the connection carry a code of the operating system or of undici; anything else is a fault of ours. */
function isConnectionFault(error: unknown): boolean {
  return (
    error instanceof errors.UndiciError || (error as NodeJS.ErrnoException).syscall !== undefined
  );
}
