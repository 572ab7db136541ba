import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { inheritedEnvironment } from './environment.js';

/** Ends a program that hangs before the limit of the test that waits for it. */
const KILL_AFTER_MS = 240_000;

interface ProgramResult {
  /** The exit status; null when a signal ended it. */
  status: number | null;
  stdout: string;
  stderr: string;
}

/**
 * Runs a Node program to its end. The test process goes on meanwhile, so that the limit of a test that hangs applies; while
 * `spawnSync` waits, nothing can end the test.
 */
export async function runToEnd(
  args: string[],
  {
    cwd,
    input = '',
    variables,
  }: { cwd?: string; input?: string; variables?: Record<string, string> } = {},
): Promise<ProgramResult> {
  const child = spawn(process.execPath, args, {
    cwd,
    env: inheritedEnvironment(variables),
    timeout: KILL_AFTER_MS,
    killSignal: 'SIGKILL',
  });
  child.stdin.end(input);
  const [[status], stdout, stderr] = await Promise.all([
    once(child, 'close') as Promise<[number | null]>,
    text(child.stdout),
    text(child.stderr),
  ]);
  return { status, stdout, stderr };
}
