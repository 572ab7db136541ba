import type { onRequestHookHandler } from 'fastify';

/** Every answer depends on who asks and on what is known just now, refusals too: nobody on the way may store one. */
export const storedNowhere: onRequestHookHandler = (_, reply, next) => {
  reply.header('cache-control', 'no-store');
  next();
};
