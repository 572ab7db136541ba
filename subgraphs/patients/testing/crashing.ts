import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { inheritedEnvironment } from '../../../tests/environment.js';
import { claimSetFrom } from '../../../shared/identity/claims.js';
import { projectPath } from '../../../shared/root.js';
import type { PatientsWorld, TestIdentity } from './patients-world.js';

/** Runs one act in a process that crashes before its await number `killAt`; returns whether it crashed. */
export function crashingAct(
  world: PatientsWorld,
  { role, areas = [], facilities = [], subject = role }: TestIdentity,
  act: { store: string; method: string; input: unknown[]; killAt: number },
): Promise<boolean> {
  const settings = {
    root: projectPath(),
    callSecret: world.identityKey.toString('base64'),
    databaseUrl: world.databases.patients.url,
    capacityUrl: world.capacityUrl,
    dataFolder: world.dataFolder,
    now: world.clock.now,
    caller: { claims: claimSetFrom({ roles: [role], areas, facilities }), subject },
    ...act,
  };
  const program = projectPath('subgraphs/patients/testing/crashing-act.mjs');
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

/** Starts a capacity subgraph on a port that crashes before statement number `killAt` of its requests. */
export async function crashingCapacity(
  world: PatientsWorld,
  port: number,
  killAt: number,
): Promise<ChildProcess> {
  const settings = {
    root: projectPath(),
    callSecret: world.identityKey.toString('base64'),
    databaseUrl: world.databases.capacity.url,
    dataFolder: world.dataFolder,
    now: world.clock.now,
    port,
    killAt,
  };
  const program = projectPath('subgraphs/patients/testing/crashing-capacity.mjs');
  const child = spawn(process.execPath, [program, JSON.stringify(settings)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: inheritedEnvironment(),
  });
  const exited = once(child, 'exit').then(() => {
    throw new Error('The capacity subgraph ended before it was ready.');
  });
  exited.catch(() => undefined); // later it is meant to
  await Promise.race([once(child.stdout, 'data'), exited]);
  return child;
}

export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}
