import { originOf } from '../../shared/addresses.js';
import { SUBGRAPHS, type Settings } from '../../shared/env.js';
import { signingKey } from '../../shared/identity/keys.js';
import { keepRunning, type Child } from './child.js';
import { childPlans } from './child-plans.js';
import { requireUnowned, startCluster, type Cluster } from '../postgres/cluster.js';
import { openDataFolder } from '../host/data-folder.js';
import { databaseUrls, needsCluster, requireDatabases } from '../postgres/databases.js';
import { showFirstDay } from './first-day.js';
import { untilAnswering } from './answering.js';
import { migrateAll } from '../migrations/migrations.js';
import { addressesOf, requireFree } from '../host/ports.js';

/** From the request to end until the last of these moments, everything of the hub is gone. */
const GATEWAY_PATIENCE_MS = 4000;
const CHILDREN_PATIENCE_MS = 8000;
const CLUSTER_PATIENCE_MS = 8500;

export interface Hub {
  /** Where clients find it. */
  url: string;
}

export interface Surroundings {
  /** Gets a line about how far the start has come. */
  progress: (line: string) => unknown;
  /** Gets one line about whatever went wrong and was mended. */
  report: (line: string) => unknown;
  /** Tells that the hub is to end; everything that dies from then on is let go. */
  ending: AbortSignal;
  /** Called when everything answers. */
  whenReady: (hub: Hub) => void;
}

/** Runs the hub until it is asked to end, and resolves when nothing of it is left. Throws StartRefusal. */
export async function runHub(settings: Settings, surroundings: Surroundings): Promise<void> {
  const { ending, report } = surroundings;
  const running: Running = { subgraphs: [] };
  const dying = new AbortController();
  const signal = AbortSignal.any([ending, dying.signal]);
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
    dying.abort();
    await end(running);
  }
}

interface Running {
  cluster?: Cluster;
  gateway?: Child;
  subgraphs: Child[];
}

async function start(
  settings: Settings,
  running: Running,
  surroundings: Surroundings,
): Promise<void> {
  const { progress, report, ending, whenReady } = surroundings;
  const dataFolder = openDataFolder(settings.dataFolder);
  // First, because the ports of a hub that runs on this folder are taken too, which says less.
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
  const plans = childPlans(settings, dataFolder, databases);
  ending.throwIfAborted();
  running.gateway = keepRunning(plans.gateway, report, ending);
  running.subgraphs = plans.subgraphs.map((plan) => keepRunning(plan, report, ending));
  await Promise.race([
    Promise.all([running.gateway, ...running.subgraphs].map(({ ready }) => ready)),
    aborted(ending),
  ]);
  ending.throwIfAborted();

  const url = originOf(settings);
  await untilAnswering(url, progress, ending);
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

/** Clients first, then those who answer them, then the data; what lingers is ended by force. */
async function end({ gateway, subgraphs, cluster }: Running): Promise<void> {
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
