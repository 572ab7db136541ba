// eslint-disable-next-line no-restricted-syntax -- the length of an outage is what these tests choose
import { setTimeout as pause } from 'node:timers/promises';
import { join } from 'node:path';
import pg from 'pg';
import { SUBGRAPHS } from '../../shared/env.js';
import { hasExited, readPostmaster } from '../../start/postgres/postmaster.js';
import type { RunningHub } from '../running-hub.js';
import { until } from '../until.js';

/** The folder of the hub's embedded PostgreSQL. */
export const directoryOf = (hub: RunningHub) =>
  join(hub.environment['VIERBLATT_DATA']!, 'postgres');

/** The process of the hub's PostgreSQL at the moment. */
export async function postmasterOf(hub: RunningHub): Promise<number> {
  const found = await readPostmaster(directoryOf(hub));
  if (!found) throw new Error('the hub has no database server');
  return found.pid;
}

/**
 * Kills the database server and keeps it down while `meanwhile` runs: the starter, which would bring it back at once, is
 * frozen for as long.
 */
export async function withoutDatabase(
  hub: RunningHub,
  meanwhile: () => Promise<unknown>,
): Promise<void> {
  const server = await postmasterOf(hub);
  process.kill(hub.pid, 'SIGSTOP');
  try {
    process.kill(server, 'SIGKILL');
    await until(() => hasExited(server));
    await meanwhile();
  } finally {
    process.kill(hub.pid, 'SIGCONT');
  }
}

/** An outage of some seconds. */
export const withoutDatabaseFor = (hub: RunningHub, seconds: number) =>
  withoutDatabase(hub, () => pause(seconds * 1_000));

/** Sessions that should be there once: the notifications of each subgraph, and the starter's own. */
const ONCE = `SELECT coalesce(datname, '') || ' ' || application_name AS name, count(*)::int AS n
  FROM pg_stat_activity
  WHERE query = 'LISTEN outbox' OR application_name IN ('vierblatt start', 'vierblatt notifications')
  GROUP BY 1 ORDER BY 1`;

export type Sessions = Record<string, number>;

/** The sessions that each hub holds once. */
export const EACH_ONCE: Sessions = Object.fromEntries(
  [
    ...SUBGRAPHS.map((subgraph) => `${subgraph} vierblatt notifications`),
    'postgres vierblatt start',
  ]
    .sort()
    .map((name) => [name, 1]),
);

/** Counts those sessions; none while the database is unavailable. */
export async function heldSessions(hub: RunningHub): Promise<Sessions> {
  return asAdmin(hub, async (db) => {
    const { rows } = await db.query<{ name: string; n: number }>(ONCE);
    return Object.fromEntries(rows.map(({ name, n }) => [name, n]));
  }).catch(() => ({}));
}

/** Counts those sessions repeatedly until it is stopped; `stop` returns the highest count of any of them. */
export function watchHeldSessions(hub: RunningHub): { stop(): Promise<number> } {
  let most = 0;
  let isOver = false;
  const watching = until(async () => {
    most = Math.max(most, ...Object.values(await heldSessions(hub)));
    return isOver;
  });
  return {
    async stop() {
      isOver = true;
      await watching;
      return most;
    },
  };
}

/**
 * Opens every connection of the server, and any that becomes free, until it is stopped: also those that the hub holds, which
 * are ended once.
 */
export async function exhaustConnections(hub: RunningHub): Promise<{ stop(): Promise<void> }> {
  const opened = new Set<pg.Client>();
  let isOver = false;
  const openOne = async () => {
    const db = new pg.Client(hub.databaseUrl('postgres'));
    db.on('error', () => opened.delete(db));
    try {
      await db.connect();
      opened.add(db);
      return true;
    } catch {
      await db.end().catch(() => undefined);
      return false;
    }
  };
  const fill = async () => {
    while (!isOver && (await openOne()));
  };
  await fill();
  const [first] = opened;
  await first!.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE backend_type = 'client backend' AND (datname <> 'postgres' OR application_name = 'vierblatt start')`,
  );
  await fill();
  const refilling = until(async () => (await fill(), isOver));
  return {
    async stop() {
      isOver = true;
      await refilling;
      await Promise.all([...opened].map((db) => db.end().catch(() => undefined)));
    },
  };
}

async function asAdmin<Result>(
  hub: RunningHub,
  act: (db: pg.Client) => Promise<Result>,
): Promise<Result> {
  const db = new pg.Client(hub.databaseUrl('postgres'));
  db.on('error', () => undefined);
  try {
    await db.connect();
    return await act(db);
  } finally {
    await db.end().catch(() => undefined);
  }
}
