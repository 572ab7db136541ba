import type { GraphQLFormattedError } from 'graphql';

/** Our own close code: the socket's token has expired. graphql-ws clients reconnect on it, and should send a new token. */
export const TOKEN_EXPIRED = 4419;
export const TOKEN_EXPIRED_REASON = 'The token expired: connect again with a new one';

/** The error for a subscription on an event stream whose token has expired. */
export const TOKEN_EXPIRED_ERROR: GraphQLFormattedError = {
  message: 'The token expired: subscribe again with a new one, and with the last cursor.',
  extensions: { code: 'UNAUTHENTICATED' },
};

/** A timer with a longer delay fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Calls back at an instant, however distant. Returns a function that cancels the call. */
export function atInstant(instant: Date, call: () => void): () => void {
  let timer: NodeJS.Timeout;
  const wait = () => {
    const left = instant.getTime() - Date.now();
    timer = setTimeout(left > LONGEST_TIMER_MS ? wait : call, clamped(left));
  };
  wait();
  return () => clearTimeout(timer);
}

function clamped(milliseconds: number): number {
  return Math.min(Math.max(milliseconds, 0), LONGEST_TIMER_MS);
}
