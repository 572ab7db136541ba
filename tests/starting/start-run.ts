import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cleanEnvironment } from '../environment.js';
import { projectPath } from '../../shared/root.js';
import { changeIn } from '../../start/host/waiting.js';
import { slowness } from '../speed/slowness.js';

/** One run of `npm start`, as a user sees it. */
export interface StartRun {
  pid: number;
  /** The lines so far. */
  output: string[];
  complaints: string[];
  /** Resolves when it is ready; rejects with its complaints when it ends before. */
  ready: Promise<void>;
  /** Its exit status, or the signal that ended it. */
  ended: Promise<number | NodeJS.Signals>;
  /** Resolves with the first complaint that matches, also one of the past. */
  complaint(pattern: RegExp): Promise<string>;
}

interface Command {
  /** Through npm, in a process group of its own, as in a terminal. */
  throughNpm?: boolean;
  /** As this user instead. */
  uid?: number;
}

/** Runs it from another folder than the project's, with these settings and none of the shell's. */
export function npmStart(
  settings: Record<string, string>,
  { throughNpm, uid }: Command = {},
): StartRun {
  const [program, ...args] = throughNpm
    ? ['npm', 'start', '--silent', '--prefix', projectPath()]
    : [process.execPath, projectPath('start/start.mjs')];
  const child = spawn(program, args, {
    cwd: '/',
    env: cleanEnvironment({ LOG_LEVEL: 'warn', ...settings }),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  const output: string[] = [];
  const complaints: string[] = [];
  const news = new EventTarget();
  for (const [stream, lines] of [
    [child.stdout, output],
    [child.stderr, complaints],
  ] as const) {
    let rest = '';
    stream.setEncoding('utf8').on('data', (text: string) => {
      const parts = (rest + text).split('\n');
      rest = parts.pop()!;
      lines.push(...parts);
      news.dispatchEvent(new Event('line'));
    });
  }
  const ended = once(child, 'close').then(([status, signal]) => (signal ?? status) as number);
  const seen = (lines: string[], pattern: RegExp) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        const line = lines.find((candidate) => pattern.test(candidate));
        if (line !== undefined) resolve(line);
      };
      look();
      news.addEventListener('line', look);
      const rejectAll = () =>
        reject(
          new Error(`${pattern} was never said, but: ${[...output, ...complaints].join('\n')}`),
        );
      void ended.then(rejectAll);
    });
  const ready = seen(output, /^Vierblatt is ready: /).then(() => {});
  // Nobody may be waiting for it.
  ready.catch(() => {});
  return {
    pid: child.pid!,
    output,
    complaints,
    ready,
    ended,
    complaint: (pattern) => seen(complaints, pattern),
  };
}

/** How long anything that a test waits for may take. */
const WAIT_MS = 120_000;

/** Looks again and again until it is so. Throws if it is not so in time. */
export async function until(folder: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const giveUpAt = Date.now() + WAIT_MS * Math.min(slowness(), 2);
  while (!(await isSo())) {
    if (Date.now() > giveUpAt) throw new Error(`This did not become true in time: ${String(isSo)}`);
    await changeIn(folder, 50);
  }
}
