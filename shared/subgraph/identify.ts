import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { GraphQLError } from 'graphql';
import { callersFault } from '../errors/index.js';
import type { Caller, VerifyToken } from '../identity/index.js';

/** The caller behind an `authorization: Bearer` value. Throws UNAUTHENTICATED for anything but a token of this hub. */
export async function identify(verify: VerifyToken, authorization: unknown): Promise<Caller> {
  const token =
    typeof authorization === 'string' ? /^Bearer (\S+)$/.exec(authorization)?.[1] : undefined;
  if (token !== undefined) {
    const caller = await verify(token).catch(() => undefined);
    if (caller) return caller;
  }
  throw callersFault(
    'UNAUTHENTICATED',
    'Subgraphs answer only the services of this hub. Send the request to the gateway, with a token of your own.',
  );
}

/**
 * Answers 401 before the body of a request is read, unless a service of this hub sent it; `except` is for everybody. Returns
 * who sent a request that was let through.
 */
export function identifyRequests(
  http: FastifyInstance,
  verify: VerifyToken,
  except: readonly string[],
): (request: FastifyRequest) => Caller {
  const callers = new WeakMap<FastifyRequest, Caller>();
  http.addHook('onRequest', async (request, reply) => {
    if (except.includes(request.routeOptions.url ?? '')) return;
    try {
      callers.set(request, await identify(verify, request.headers.authorization));
    } catch (error) {
      await reply.code(401).send({ errors: [(error as GraphQLError).toJSON()] });
    }
  });
  return (request) => {
    const caller = callers.get(request);
    if (!caller) throw new Error('a request was let in that was not identified');
    return caller;
  };
}
