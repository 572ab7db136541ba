import { execFile } from 'node:child_process';
import { claimSetFrom } from '../../../shared/identity/claims.js';
import { projectPath } from '../../../shared/root.js';
import { inheritedEnvironment } from '../../../tests/environment.js';
import type { SupplyWorld, TestIdentity } from './supply-world.js';

/** No act has as many awaits. */
const MOST_AWAITS = 80;

/** The act during which a process crashes: a method of a store, a mutation, or one tick of a timer. */
type Act = { killAt: number; now?: Date } & (
  | { store: string; method: string; input: unknown[] }
  | { mutation: string; input: object }
  | { clock: 'escalate' | 'follow' }
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

/**
 * Crashes before each await of a mutation and of the jobs that follow from it, one after the other, each time at a facility of its own;
 * returns how many awaits there are.
 */
export async function crashEverywhere(
  world: SupplyWorld,
  facilities: readonly string[],
  actAt: (facility: string) => { mutation: string; input: object; who: TestIdentity },
): Promise<number> {
  for (let killAt = 1; killAt <= MOST_AWAITS; killAt++) {
    const { who, ...act } = actAt(facilities[killAt - 1]!);
    if (!(await crashingAct(world, who, { ...act, killAt }))) return killAt;
  }
  throw new Error(`The act has more than ${MOST_AWAITS} awaits.`);
}
