import type { MintToken } from '../../../shared/identity/internal-tokens.js';
import { claimSetFrom } from '../../../shared/identity/claims.js';
import { currentSpan } from '../../../shared/telemetry/current-span.js';

/** How long capacity may take, unless more is asked of it. A step that waits longer is finished by the recovery loop. */
const PATIENCE_MS = 5_000;
/** Calls in flight; more wait for their turn here, because the queue of our own rush is no slowness of capacity's. */
const MOST_AT_ONCE = 16;

/** All queries here are our own texts: one operation, with its kind as the first word. */
const IS_MUTATION = /^\s*mutation\b/;

/** Answers of capacity after which the same question may succeed: it is unavailable, overloaded, or our clocks differ. */
const AWAY = new Set(['SERVICE_UNAVAILABLE', 'TOO_MUCH', 'UNAUTHENTICATED']);

/** Capacity did not answer, or not in time: whether the thing was done is not known. */
export class CapacityAway extends Error {}

export interface CapacityAddress {
  /** Where the capacity subgraph answers. */
  url: string;
  mint: MintToken;
}

interface Answer<Data> {
  data?: Data | null;
  errors?: { message: string; extensions?: { code?: string } }[];
}

interface Post {
  token: string;
  body: string;
  patienceMs: number;
  /** Of the trace it is a part of. */
  headers: Readonly<Record<string, string>> | undefined;
}

/** Asks capacity through its GraphQL API, with this service's own rights and the human it acts for as the actor. */
export class CapacityLink {
  readonly #url: string;
  readonly #mint: MintToken;
  #inFlight = 0;
  #waiting: { go: () => void; giveUp: (error: CapacityAway) => void }[] = [];

  constructor({ url, mint }: CapacityAddress) {
    this.#url = url;
    this.#mint = mint;
  }

  /**
   * Throws CapacityAway when nothing came back in time, and an error with capacity's words when it refused the request as
   * such.
   */
  async ask<Data>(
    query: string,
    variables: object,
    actor?: string,
    patienceMs = PATIENCE_MS,
  ): Promise<Data> {
    const claims = claimSetFrom({ roles: ['service'], areas: [''] });
    const token = await this.#mint(
      {
        claims,
        ...(actor === undefined ? {} : { subject: actor }),
        ...(IS_MUTATION.test(query) ? { mayChange: true as const } : {}),
      },
      'capacity',
    );
    const body = JSON.stringify({ query, variables });
    const { data, errors } = await this.#traced<Data>(token, body, patienceMs);
    const away = errors?.find(({ extensions }) => AWAY.has(extensions?.code ?? ''));
    if (away) throw new CapacityAway(away.message);
    if (errors?.length || !data) {
      throw new Error(`capacity answered with an error: ${errors?.[0]?.message ?? 'no data'}`);
    }
    return data;
  }

  async #traced<Data>(token: string, body: string, patienceMs: number): Promise<Answer<Data>> {
    const span = currentSpan()?.begin('ask capacity', {}, 'client');
    try {
      return await this.#post<Data>({ token, body, patienceMs, headers: span?.headers });
    } finally {
      span?.end();
    }
  }

  async #post<Data>({ token, body, patienceMs, headers }: Post): Promise<Answer<Data>> {
    if (this.#inFlight >= MOST_AT_ONCE) await this.#turn();
    else this.#inFlight++;
    try {
      const response = await fetch(this.#url, {
        method: 'POST',
        headers: {
          ...headers,
          'content-type': 'application/json',
          authorization: `Bearer ${token}`,
        },
        body,
        signal: AbortSignal.timeout(patienceMs),
      });
      return (await response.json()) as Answer<Data>;
    } catch (error) {
      const away = new CapacityAway(`capacity did not answer: ${(error as Error).message}`, {
        cause: error,
      });
      // Nobody listens there, so those who wait would only be refused too, one after the other. A call that was slow or broke
      // off says nothing of the next.
      if (isRefused(error)) for (const { giveUp } of this.#waiting.splice(0)) giveUp(away);
      throw away;
    } finally {
      // Whoever waits longest takes this call's turn over, so that nobody slips in between.
      const next = this.#waiting.shift();
      if (next) next.go();
      else this.#inFlight--;
    }
  }

  #turn(): Promise<void> {
    return new Promise((go, giveUp) => this.#waiting.push({ go, giveUp }));
  }
}

/** Whether nobody listened at the address. `fetch` keeps that as the cause of its own error. */
function isRefused(error: unknown): boolean {
  const { cause } = error as { cause?: { code?: string } };
  return cause?.code === 'ECONNREFUSED';
}
