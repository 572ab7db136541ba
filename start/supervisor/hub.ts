import { originOf } from '../../shared/addresses.js';
import { SUBGRAPHS, type Settings } from '../../shared/env.js';
import { signingKey } from '../../shared/identity/index.js';
import { keepRunning, type Child } from './child.js';
import { childPlans } from './child-plans.js';
import { requireUnowned, startCluster, type Cluster } from '../postgres/cluster.js';
import { openDataFolder } from '../host/data-folder.js';
import { databaseUrls, needsCluster, requireDatabases } from '../postgres/databases.js';
import { showFirstDay } from './first-day.js';
import { untilReady } from './readiness.js';
import { migrateAll } from '../migrations/migrations.js';
import { addressesOf, requireFree } from '../host/ports.js';

/** Milliseconds from the request to end until all processes of the hub have exited, in this order. */
const GATEWAY_PATIENCE_MS = 4000;
const CHILDREN_PATIENCE_MS = 8000;
const CLUSTER_PATIENCE_MS = 8500;

export interface Hub {
  /** The URL for clients. */
  url: string;
}

export interface Surroundings {
  /** Receives a line about the progress of the start. */
  progress: (line: string) => unknown;
  /** Receives one line about each problem that was repaired. */
  report: (line: string) => unknown;
  /** Aborted when the hub has to end; nothing that exits afterwards is started again. */
  ending: AbortSignal;
  /** Called when all processes are ready. */
  whenReady: (hub: Hub) => void;
}

/** Runs the hub until `ending` is aborted, and resolves when all of its processes have exited. Throws StartRefusal. */
export async function runHub(settings: Settings, surroundings: Surroundings): Promise<void> {
  const { ending, report } = surroundings;
  const running: HubParts = { subgraphs: [] };
  const failure = new AbortController();
  const signal = AbortSignal.any([ending, failure.signal]);
  try {
    await start(settings, running, {
      ...surroundings,
      ending: signal,
      report: (line) => signal.aborted || report(line),
    });
    await aborted(signal);
  } catch (error) {
    if (!ending.aborted) throw error;
  } finally {
    failure.abort();
    await end(running);
  }
}

interface HubParts {
  cluster?: Cluster;
  gateway?: Child;
  subgraphs: Child[];
}

async function start(
  settings: Settings,
  running: HubParts,
  surroundings: Surroundings,
): Promise<void> {
  const { progress, report, ending, whenReady } = surroundings;
  const dataFolder = openDataFolder(settings.dataFolder);
  // First, because a hub that runs on this folder also occupies the ports, and its message says less.
  if (needsCluster(settings)) await requireUnowned(dataFolder);
  await requireFree(addressesOf(settings));
  await requireDatabases(settings);
  // Here, before any process looks for them, so that no two make the same.
  for (const signer of ['gateway', ...SUBGRAPHS, 'development-issuer'])
    await signingKey(dataFolder, signer);

  if (needsCluster(settings)) {
    running.cluster = await startCluster(dataFolder, { report, signal: ending });
  }
  const databases = await databaseUrls(settings, running.cluster);
  await migrateAll(databases);
  // A hub on its own database begins with a situation, see showFirstDay.
  const isModelled = running.cluster !== undefined && !settings.oidcIssuer;
  const plans = childPlans(settings, dataFolder, databases, isModelled);
  ending.throwIfAborted();
  running.gateway = keepRunning(plans.gateway, report, ending);
  running.subgraphs = plans.subgraphs.map((plan) => keepRunning(plan, report, ending));
  await Promise.race([
    Promise.all([running.gateway, ...running.subgraphs].map(({ ready }) => ready)),
    aborted(ending),
  ]);
  ending.throwIfAborted();

  const url = originOf(settings);
  await untilReady(url, progress, ending);
  ending.throwIfAborted();
  if (running.cluster && !settings.oidcIssuer) {
    const day = {
      gatewayUrl: `${url}/graphql`,
      dataFolder,
      audience: settings.oidcAudience,
      progress,
    };
    await Promise.race([showFirstDay(day, report), aborted(ending)]);
    ending.throwIfAborted();
  }
  whenReady({ url });
}

/** Ends the gateway first, then the subgraphs, then the database; by force after the time of each. */
async function end({ gateway, subgraphs, cluster }: HubParts): Promise<void> {
  const since = Date.now();
  const left = (moment: number) => Math.max(500, since + moment - Date.now());
  await gateway?.stop(GATEWAY_PATIENCE_MS);
  await Promise.all(subgraphs.map((child) => child.stop(left(CHILDREN_PATIENCE_MS))));
  await cluster?.stop(left(CLUSTER_PATIENCE_MS));
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
