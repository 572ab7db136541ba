import type { PoolClient } from 'pg';
import { digestCallsOf } from '../../../shared/idempotency/digests.js';
import type { Caller } from '../../../shared/identity/caller.js';
import { casualtyVisibilityOf } from '../access/casualty-visibility.js';
import { openDatabase } from '../database/database.js';
import type { ReserveBedsInput } from '../generated/graphql.js';
import { ReservationStore } from '../reservations/store.js';

/** The instructions of a process that is to crash, as JSON in its first argument. */
export interface Crash {
  databaseUrl: string;
  /** In base64. */
  callSecret: string;
  caller: Caller;
  input: ReserveBedsInput;
  now: string;
  /** At which of its statements it crashes, from 1. */
  statement: number;
  /** Before the statement is sent, or once it is on its way. */
  moment: 'before' | 'during';
}

/** A process that reserves with a real store on a real database and kills itself on the way; it ends well if it lives. */
const crash = JSON.parse(process.argv[2]!) as Crash;
const database = openDatabase(crash.databaseUrl);
digestCallsOf(database.pool, [Buffer.from(crash.callSecret, 'base64')]);
const connect = database.pool.connect.bind(database.pool) as () => Promise<PoolClient>;
let statements = 0;
Object.assign(database.pool, { connect: async () => crashing(await connect()) });
const reservations = new ReservationStore(
  database,
  new Date(crash.now),
  casualtyVisibilityOf(crash.caller),
);
await reservations.reserve(crash.input, crash.caller, () => undefined);
await database.close();

function crashing(db: PoolClient): PoolClient {
  const query = db.query.bind(db) as (...statement: unknown[]) => unknown;
  const crashAt = (moment: Crash['moment']) => {
    if (statements === crash.statement && moment === crash.moment) {
      process.kill(process.pid, 'SIGKILL');
    }
  };
  return Object.assign(db, {
    query: (...statement: unknown[]) => {
      statements++;
      crashAt('before');
      const response = query(...statement);
      crashAt('during');
      return response;
    },
  });
}
