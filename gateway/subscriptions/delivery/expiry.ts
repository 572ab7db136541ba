import type { GraphQLFormattedError } from 'graphql';

/** Our own close code: the socket's token has expired. Clients of graphql-ws try again on it, and should bring a new one. */
export const TOKEN_EXPIRED = 4419;
export const TOKEN_EXPIRED_REASON = 'The token expired: connect again with a new one';

/** The same for a subscription on an event stream. */
export const TOKEN_EXPIRED_ERROR: GraphQLFormattedError = {
  message: 'The token expired: subscribe again with a new one, and with the last cursor.',
  extensions: { code: 'UNAUTHENTICATED' },
};

/** A timer that is set to more fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Calls at an instant, however far. Returns how to call it off. */
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
