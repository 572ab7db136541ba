import { SingleBar } from 'cli-progress';

export interface Progress {
  /** One turn is done; the line says which and what came of it. */
  done(line: string): void;
  /** Nothing more comes; text may be printed again. */
  stop(): void;
}

/** A bar where a person watches, one line per turn where a log does. */
export function showProgress(total: number, turns: string, out: NodeJS.WriteStream): Progress {
  if (!out.isTTY) {
    return { done: (line) => void out.write(`${line}\n`), stop: () => undefined };
  }
  const bar = new SingleBar({
    stream: out,
    format: `{bar} {value} of {total} ${turns} | {line} | {eta_formatted} to go`,
    hideCursor: true,
    // Ctrl-C ends the play after the running turn; the bar must not end the process before.
    gracefulExit: false,
  });
  bar.start(total, 0, { line: '' });
  return { done: (line) => bar.increment(1, { line }), stop: () => bar.stop() };
}
