import { HeaderMap } from '@apollo/server';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';

interface Head {
  status: number;
  retryAfterSeconds?: number;
  /** Further ones. */
  headers?: readonly [name: string, value: string][];
}

/** A refusal of the limits. Over HTTP it has a status; in messages on a stream nothing of that is shown. */
export class LimitExceeded extends GraphQLError {
  constructor(message: string, { status, retryAfterSeconds, ...head }: Head, code = 'TOO_MUCH') {
    const headers = new HeaderMap();
    for (const [name, value] of head.headers ?? []) headers.set(name, value);
    if (retryAfterSeconds !== undefined) headers.set('retry-after', String(retryAfterSeconds));
    super(message, { extensions: { code, http: { status, headers } } });
  }

  override toJSON(): GraphQLFormattedError {
    const { http: _, ...extensions } = this.extensions;
    return { ...super.toJSON(), extensions };
  }
}

/** An operation that is too large whenever it is sent. */
export function tooMuch(what: string, most: number, came: number, remedy: string): LimitExceeded {
  return new LimitExceeded(
    `An operation may have at most ${most} ${what}; this one has ${came}. ${remedy}`,
    { status: 400 },
  );
}
