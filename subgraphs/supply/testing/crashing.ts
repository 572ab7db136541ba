import { execFile } from 'node:child_process';
import { claimSetFrom } from '../../../shared/identity/claims.js';
import { projectPath } from '../../../shared/root.js';
import { inheritedEnvironment } from '../../../tests/environment.js';
import type { SupplyWorld, TestIdentity } from './supply-world.js';

/** The act during which a process crashes: a method of a store, or one tick of a timer. */
type Act = { killAt: number; now?: Date } & (
  { store: string; method: string; input: unknown[] } | { clock: 'escalate' | 'follow' }
);

/** Runs one act in a process that crashes before its await number `killAt`; returns whether it crashed. */
export function crashingAct(
  world: SupplyWorld,
  { role, areas = [], facilities = [], organisations = [], subject = role }: TestIdentity,
  act: Act,
): Promise<boolean> {
  const settings = {
    root: projectPath(),
    callSecret: world.callSecrets[0]!.toString('base64'),
    databaseUrl: world.databaseUrl,
    capacityUrl: world.capacity.url,
    dataFolder: world.dataFolder,
    now: world.clock.now,
    caller: { claims: claimSetFrom({ roles: [role], areas, facilities, organisations }), subject },
    ...act,
  };
  const program = projectPath('subgraphs/supply/testing/crashing-act.mjs');
  return new Promise((resolve, reject) =>
    execFile(
      process.execPath,
      [program, JSON.stringify(settings)],
      { env: inheritedEnvironment() },
      (error, _, stderr) => {
        if (error && error.signal !== 'SIGKILL') reject(new Error(stderr));
        else resolve(error !== null);
      },
    ),
  );
}
