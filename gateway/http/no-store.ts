import type { onRequestHookHandler } from 'fastify';

export const STORED_NOWHERE = { 'cache-control': 'no-store' } as const;

/** Every answer depends on who asks and on what is known just now, refusals too: nobody on the way may store one. */
export const storedNowhere: onRequestHookHandler = (_, reply, next) => {
  reply.headers(STORED_NOWHERE);
  next();
};
