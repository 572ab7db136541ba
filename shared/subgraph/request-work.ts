import type { FastifyInstance } from 'fastify';
import { Cancellation } from '../cancellation/cancellation.js';
import { asWork } from '../database/work.js';
import { HEAVY, WORK_HEADER } from './work-header.js';

/** Everything a request reads is cancelled when its sender goes away; mutations run to their end, see `freshAfterChange`. */
export function cancelWithRequests(http: FastifyInstance): void {
  // The last hook before the handler: those before are left by events of the connection, and what is current with them.
  http.addHook('preHandler', ({ url, headers }, { raw }, done) => {
    if (!url.startsWith('/graphql')) {
      done();
      return;
    }
    const cancellation = new Cancellation();
    raw.once('close', () => {
      if (!raw.writableFinished) cancellation.cancel();
    });
    const kind = headers[WORK_HEADER] === HEAVY ? 'heavyRead' : 'read';
    asWork({ kind, cancellation }, done);
  });
}
