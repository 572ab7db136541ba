import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface Process {
  pid: number;
  command: string;
}

/** The processes below one, however deep, in other sessions too. */
export async function descendantsOf(pid: number): Promise<Process[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,args=']);
  const all = stdout
    .trim()
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line)!)
    .map(([, own, parent, command]) => ({
      pid: Number(own),
      parent: Number(parent),
      command: command!,
    }));
  const below = (root: number): Process[] =>
    all
      .filter(({ parent }) => parent === root)
      .flatMap(({ pid: own, command }) => [{ pid: own, command }, ...below(own)]);
  return below(pid);
}
