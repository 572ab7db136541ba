import { SingleBar } from 'cli-progress';

export interface Progress {
  /** Shows that one step is done; the line says which, and its result. */
  done(line: string): void;
  /** Ends the display; text may be printed again. */
  stop(): void;
}

/** Shows a bar on a terminal, and writes one line per step to anything else. */
export function showProgress(total: number, steps: string, out: NodeJS.WriteStream): Progress {
  if (!out.isTTY) {
    return { done: (line) => void out.write(`${line}\n`), stop: () => undefined };
  }
  const bar = new SingleBar({
    stream: out,
    format: `{bar} {value} of {total} ${steps} | {line} | {eta_formatted} to go`,
    hideCursor: true,
    // Ctrl-C ends the command after the current step; the bar must not end the process before.
    gracefulExit: false,
  });
  bar.start(total, 0, { line: '' });
  return { done: (line) => bar.increment(1, { line }), stop: () => bar.stop() };
}
