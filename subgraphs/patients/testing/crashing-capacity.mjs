// JavaScript, because Node runs it as it is, beside the build that it imports.
// A capacity subgraph, from its built program, in a process of its own that kills itself right before the
// given statement of its requests. Prints its URL when it is ready.
import { AsyncLocalStorage } from 'node:async_hooks';
import { Buffer } from 'node:buffer';
import { Server } from 'node:http';
import pg from 'pg';
import { pino } from 'pino';

const { root, databaseUrl, callSecret, dataFolder, now, port, killAt } = JSON.parse(
  process.argv[2],
);
const { startCapacity } = await import(`${root}/dist/subgraphs/capacity/capacity.js`);
const { tokenVerifier } = await import(`${root}/dist/shared/identity/internal-tokens.js`);

/** Statements of requests only: the timers' own do not count. */
const request = new AsyncLocalStorage();
const emit = Server.prototype.emit;
Server.prototype.emit = function (event, ...rest) {
  return event === 'request'
    ? request.run(true, () => emit.call(this, event, ...rest))
    : emit.call(this, event, ...rest);
};
let statements = 0;
const query = pg.Client.prototype.query;
pg.Client.prototype.query = function (...input) {
  if (request.getStore() && ++statements === killAt) process.kill(process.pid, 'SIGKILL');
  return query.apply(this, input);
};

const { url } = await startCapacity({
  databaseUrl,
  wordsRetentionDays: 365,
  callSecrets: [Buffer.from(callSecret, 'base64')],
  host: '127.0.0.1',
  port,
  verify: tokenVerifier(dataFolder, 'capacity', ['gateway', 'patients']),
  log: pino({ level: 'silent' }),
  now: () => new Date(now),
});
process.stdout.write(`${url}\n`);
