import { execFile } from 'node:child_process';
import { projectPath } from '../../../shared/root.js';
import { inheritedEnvironment } from '../../../tests/environment.js';
import { claimSetFrom } from '../../../shared/identity/claims.js';
import type { PersonnelWorld, TestIdentity } from './personnel-world.js';

/** Runs one act in a process that crashes before its await number `killAt`; returns whether it crashed. */
export function crashingAct(
  world: PersonnelWorld,
  { role, subject = role, professional }: TestIdentity,
  act: { store: string; method: string; input: object; killAt: number },
): Promise<boolean> {
  const claims = claimSetFrom({
    roles: [role],
    ...(professional !== undefined && { professional }),
  });
  const settings = {
    root: projectPath(),
    callSecret: world.callSecrets[0]!.toString('base64'),
    databaseUrl: world.databaseUrl,
    now: world.clock.now,
    caller: { claims, subject },
    ...act,
  };
  const program = projectPath('subgraphs/personnel/testing/crashing-act.mjs');
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
