import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Linux counts processor time in hundredths of a second, whatever its own clock. */
const TICKS_PER_SECOND = 100;

interface Process {
  parent: number;
  ticks: number;
}

/**
 * Processor seconds used so far by the given processes and all below them, ended ones included once they were waited
 * for. Undefined where there is no /proc. On a machine that others use too it is the figure to trust.
 */
export function processorSeconds(roots: readonly number[]): number | undefined {
  if (!existsSync('/proc/self/stat')) return undefined;
  const processes = new Map<number, Process>();
  for (const name of readdirSync('/proc')) {
    if (/^\d+$/.test(name)) {
      const found = read(Number(name));
      if (found) processes.set(Number(name), found);
    }
  }
  const isBelow = (pid: number): boolean =>
    roots.includes(pid) || (processes.has(pid) && isBelow(processes.get(pid)!.parent));
  let ticks = 0;
  for (const [pid, { ticks: own }] of processes) if (isBelow(pid)) ticks += own;
  return ticks / TICKS_PER_SECOND;
}

/** The process below `root` that runs this program; undefined where there is no /proc. */
export function processBelow(root: number, program: string): number | undefined {
  if (!existsSync('/proc/self/stat')) return undefined;
  return readdirSync('/proc')
    .map(Number)
    .find((pid) => pid > 0 && read(pid)?.parent === root && runs(pid, program));
}

function runs(pid: number, program: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(program);
  } catch {
    return false;
  }
}

/** A process may end between listing and reading. */
function read(pid: number): Process | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The name in parentheses may contain anything; behind it stand state, parent, and from the 12th on the times.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { parent: Number(fields[1]), ticks };
}
