// JavaScript, because Node runs it as it is, beside the build that it imports.
// Runs one act of the supply subgraph, from its built program, in a process of its own that kills itself right before the
// await with the given number: what then stands in both databases is what a crash leaves. Ends with status 0 when the act has
// no such await any more.
import { Buffer } from 'node:buffer';
import pg from 'pg';
import { pino } from 'pino';
import { Dispatcher } from 'undici';

const { root, databaseUrl, callSecret, capacityUrl, dataFolder, now, caller, ...act } = JSON.parse(
  process.argv[2],
);
const { store, method, clock, mutation, input, killAt } = act;
const from = (path) => import(`${root}/dist/${path}`);
const { contextOn } = await from('subgraphs/supply/context.js');
const { openDatabase } = await from('subgraphs/supply/database/database.js');
const { jobsOn } = await from('subgraphs/supply/jobs.js');
const { Occupancies } = await from('subgraphs/supply/lifelines/index.js');
const { resolvers } = await from('subgraphs/supply/resolvers.js');
const { escalateRequests } = await from('subgraphs/supply/requests/index.js');
const { SubgraphClient } = await from('shared/subgraph-client/client.js');
const { digestCallsOf } = await from('shared/idempotency/digests.js');
const { tokenMint } = await from('shared/identity/internal-tokens.js');

const database = openDatabase(databaseUrl);
digestCallsOf(database.pool, [Buffer.from(callSecret, 'base64')]);
const address = { url: capacityUrl, mint: await tokenMint(dataFolder, 'supply') };
const capacity = new SubgraphClient('capacity', address);
const instant = new Date(now);
const log = pino({ level: 'silent' });
const jobs = jobsOn({ database, capacity, now: () => instant, log });

const clocks = {
  escalate: () => escalateRequests(database, instant),
  follow: () => new Occupancies({ database, capacity, address, jobs, log }).follow(instant),
};

let awaits = 0;
const crashing = (operation) =>
  function (...input) {
    if (++awaits === killAt) process.kill(process.pid, 'SIGKILL');
    return operation.apply(this, input);
  };
pg.Client.prototype.query = crashing(pg.Client.prototype.query);
const { request } = Dispatcher.prototype;
Dispatcher.prototype.request = crashing(async function (...options) {
  const response = await request.apply(this, options);
  const { body } = response;
  body.text = crashing(body.text);
  return response;
});

/** Sends a mutation; its instants are text, which the schema would read. */
async function send(context) {
  const resolve = resolvers.map(({ Mutation }) => Mutation?.[mutation]).find(Boolean);
  const read = ([name, value]) => [name, name.endsWith('At') ? new Date(value) : value];
  const outcome = await resolve(
    {},
    { input: Object.fromEntries(Object.entries(input).map(read)) },
    context,
  );
  if (outcome.message) throw new Error(outcome.message);
}

const context = contextOn({ database, capacity, jobs }, caller, instant);
if (clock) await clocks[clock]();
else if (mutation) await send(context);
else await context[store][method](...input);
await jobs.stop();
await database.close();
await capacity.close();
