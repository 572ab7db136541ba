// JavaScript, because Node runs it as it is, beside the build that it imports.
// Runs one mutation of the personnel subgraph, from its built program, in a process of its own that kills itself right before the await
// with the given number. Ends with status 0 when the mutation has no such await any more.
import { Buffer } from 'node:buffer';
import pg from 'pg';

const { root, databaseUrl, callSecret, now, caller, store, method, input, killAt } = JSON.parse(
  process.argv[2],
);
const from = (path) => import(`${root}/dist/${path}`);
const { contextOn } = await from('subgraphs/personnel/context.js');
const { openDatabase } = await from('subgraphs/personnel/database/database.js');
const { digestCallsOf } = await from('shared/idempotency/digests.js');

const database = openDatabase(databaseUrl);
digestCallsOf(database.pool, [Buffer.from(callSecret, 'base64')]);

let awaits = 0;
const { query } = pg.Client.prototype;
pg.Client.prototype.query = function (...parameters) {
  if (++awaits === killAt) process.kill(process.pid, 'SIGKILL');
  return query.apply(this, parameters);
};

const context = contextOn({ database }, caller, new Date(now));
const outcome = await context[store][method](input, caller);
if (outcome.message) throw new Error(outcome.message);
await database.close();
