import type { FastifyInstance } from 'fastify';
import type { GraphQLError } from 'graphql';
import { Cancellation } from '../cancellation/index.js';
import { asWork, heavyReadSlots, OtherRequest } from '../database/index.js';
import { HEAVY, WORK_HEADER } from '../http/index.js';

/**
 * Everything a request reads is cancelled when its client disconnects; mutations run to their end, see `freshAfterChange`.
 * A request that reads much waits for a slot.
 */
export function cancelWithRequests(http: FastifyInstance): void {
  // The last hook before the handler: those before are left by events of the connection, and what is current with them.
  http.addHook('preHandler', ({ url, headers }, reply, done) => {
    const { raw } = reply;
    if (!url.startsWith('/graphql')) {
      done();
      return;
    }
    const cancellation = new Cancellation();
    raw.once('close', () => {
      if (!raw.writableFinished) cancellation.cancel();
    });
    if (headers[WORK_HEADER] !== HEAVY) {
      const request = new OtherRequest(heavyReadSlots);
      raw.once('close', () => request.over());
      asWork({ kind: 'read', cancellation, request }, done);
      return;
    }
    heavyReadSlots.acquire(cancellation).then(
      (end) => {
        raw.once('close', end);
        asWork({ kind: 'heavyRead', cancellation }, done);
      },
      (error: unknown) => void reply.send({ errors: [(error as GraphQLError).toJSON()] }),
    );
  });
}
