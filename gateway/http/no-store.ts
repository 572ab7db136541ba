import type { onRequestHookHandler } from 'fastify';

export const NO_STORE = { 'cache-control': 'no-store' } as const;

/** Every response, a refusal too, depends on the caller and on the current data: no intermediary may store one. */
export const noStore: onRequestHookHandler = (_, reply, next) => {
  reply.headers(NO_STORE);
  next();
};
