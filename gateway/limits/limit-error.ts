import { HeaderMap } from '@apollo/server';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';

interface Head {
  status: number;
  retryAfterSeconds?: number;
  /** Further headers. */
  headers?: readonly [name: string, value: string][];
}

/** A request beyond a limit. Over HTTP the error has a status and headers; messages on a stream omit them. */
export class LimitError extends GraphQLError {
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

/** The error for an operation that is too large whenever it is sent. */
export function tooMuch(what: string, most: number, actual: number, remedy: string): LimitError {
  return new LimitError(
    `An operation may have at most ${most} ${what}; this one has ${actual}. ${remedy}`,
    { status: 400 },
  );
}
