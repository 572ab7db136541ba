import { MINUTE_MS } from '../../shared/time/rules.js';
import { hasExited } from '../../start/postgres/postmaster.js';
import { slowness } from '../speed/slowness.js';
import { descendantsOf } from './descendants.js';

/** Far longer than a hub takes, which ends its own processes by force after seconds. */
const END_WITHIN_MS = MINUTE_MS;

/**
 * Ends a program by SIGTERM. If it is not over in time, kills it and whatever it began, and throws an error that names them: no test
 * waits for a program that does not end.
 */
export async function endProgram(pid: number, ended: Promise<unknown>): Promise<void> {
  if (await hasExited(pid)) return;
  process.kill(pid, 'SIGTERM');
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    // eslint-disable-next-line no-restricted-syntax -- the limit of a wait for an exit
    timer = setTimeout(() => resolve('late'), END_WITHIN_MS * Math.min(slowness(), 2));
  });
  const outcome = await Promise.race([ended, late]);
  clearTimeout(timer);
  if (outcome !== 'late') return;
  const left = [{ pid, command: 'the program' }, ...(await descendantsOf(pid))];
  for (const one of left) if (!(await hasExited(one.pid))) process.kill(one.pid, 'SIGKILL');
  const named = left.map((one) => `${one.pid} (${one.command})`).join(', ');
  throw new Error(`SIGTERM did not end it in time, so these processes were killed: ${named}`);
}
