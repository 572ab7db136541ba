import { rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../start/host/free-port.js';
import type { Order, Report } from '../canned/events.js';
import { CANNED, supergraph, type CannedName, type CannedUrls } from '../canned/type-defs.js';
import type { Ground } from './contender.js';
import { forked, stopped } from './processes.js';

/** Chooses the ports of the canned subgraphs and writes what gateways need to know of them; removed when the bench ends. */
export async function prepareGround(): Promise<Ground> {
  const folder = await mkdtemp(join(tmpdir(), 'vierblatt-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const subgraphUrl = {} as CannedUrls;
  for (const name of CANNED) subgraphUrl[name] = `http://127.0.0.1:${await freePort()}/graphql`;
  const files = { plain: join(folder, 'plain.graphql'), withRights: join(folder, 'ours.graphql') };
  await writeFile(files.plain, supergraph(subgraphUrl, { withRights: false }));
  await writeFile(files.withRights, supergraph(subgraphUrl, { withRights: true }));
  return { folder, subgraphUrl, supergraph: files };
}

export interface Subgraphs {
  order(order: Order): void;
  /** Resolves when all of an order is sent. */
  emitted(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the canned subgraphs, or another program that obeys the same orders. */
export async function startSubgraphs({ subgraphUrl }: Ground): Promise<Subgraphs> {
  const ports = Object.fromEntries(
    CANNED.map((name: CannedName) => [name, Number(new URL(subgraphUrl[name]).port)]),
  );
  return obeying(new URL('../canned/subgraphs.js', import.meta.url), ports);
}

export async function obeying(
  program: URL,
  settings: object,
): Promise<Subgraphs & { pid: number }> {
  const child = forked(program, settings);
  const reported = (wanted: string) =>
    new Promise<void>((resolve, reject) => {
      const onExit = () => reject(new Error(`${program.pathname} ended before it was ${wanted}.`));
      const onMessage = (report: Report) => {
        if (!(wanted in report)) return;
        child.off('exit', onExit).off('message', onMessage);
        resolve();
      };
      child.once('exit', onExit).on('message', onMessage);
    });
  await reported('ready');
  return {
    pid: child.pid!,
    order: (order) => void child.send(order),
    emitted: () => reported('emitted'),
    stop: () => stopped(child),
  };
}
