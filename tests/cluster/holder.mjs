// JavaScript, because the test runner loads it before it can load TypeScript.
/** Holds the cluster of a test run: says its URL to the run that forked it, and ends with it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCluster } from '../../dist/start/postgres/cluster.js';

const folder = mkdtempSync(join(tmpdir(), 'vierblatt-tests-'));
const runEnded = new Promise((resolve) => process.once('disconnect', resolve));
const cluster = await startCluster(folder);
if (process.connected) process.send(cluster.url('postgres'));
await runEnded;
await cluster.stop();
rmSync(folder, { recursive: true, force: true });
