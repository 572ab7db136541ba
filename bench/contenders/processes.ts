import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Measured gateways run as in production, and report to nobody. */
const environment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  NODE_ENV: 'production',
  NODE_OPTIONS: '',
  APOLLO_TELEMETRY_DISABLED: 'true',
});

const running = new Set<ChildProcess>();
let areEndedAtExit = false;

/** A program of ours, which gets its settings as JSON. */
export function forked(program: URL, settings: object): ChildProcess {
  const child = fork(fileURLToPath(program), [JSON.stringify(settings)], {
    env: environment(),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return endedWithUs(child);
}

/** A program of Node in the folder of somebody else. */
export function spawned(folder: string, args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: environment(),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return endedWithUs(child);
}

/** At once: what is measured has nothing to lose, and a gateway that is behind would take long. */
export async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

function endedWithUs(child: ChildProcess): ChildProcess {
  running.add(child);
  child.once('exit', () => running.delete(child));
  if (!areEndedAtExit) {
    areEndedAtExit = true;
    process.once('exit', () => running.forEach((left) => left.kill('SIGKILL')));
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
  }
  return child;
}
