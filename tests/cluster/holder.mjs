// JavaScript, because the test runner loads it before it can load TypeScript.
/** Holds the cluster of a test run and the folder that its processes share: sends both to the run that forked it, and ends with it. */
import { rmSync } from 'node:fs';
import pg from 'pg';
import { startCluster } from '../../dist/start/postgres/cluster.js';
import { makeRunFolder } from './run-folder.mjs';

const { folder, temporary } = makeRunFolder();
const runEnded = new Promise((resolve) => process.once('disconnect', resolve));
const cluster = await startCluster(folder);
await makeFast(cluster.url('postgres'));
if (process.connected) process.send({ url: cluster.url('postgres'), folder, temporary });
await runEnded;
await cluster.stop();
rmSync(folder, { recursive: true, force: true });

/**
 * Turns off what a database does for a future that those of tests do not have: to survive a crash of the machine, and to tidy up.
 * No database can be copied while autovacuum works on it.
 */
async function makeFast(url) {
  const session = new pg.Client(url);
  await session.connect();
  for (const setting of ['fsync', 'full_page_writes', 'autovacuum']) {
    await session.query(`ALTER SYSTEM SET ${setting} = off`);
  }
  // Each of some thousand connections would derive a key from the password as if somebody could guess it.
  await session.query('ALTER SYSTEM SET scram_iterations = 1');
  await session.query('SET scram_iterations = 1');
  const password = pg.escapeLiteral(decodeURIComponent(new URL(url).password));
  await session.query(`ALTER ROLE CURRENT_USER PASSWORD ${password}`);
  await session.query('SELECT pg_reload_conf()');
  await session.end();
}
