import { SingleBar } from 'cli-progress';

export interface Progress {
  /** A day was reported. */
  dayDone(day: string, reports: number): void;
  /** Nothing more comes; text may be printed again. */
  stop(): void;
}

/** A bar where a person watches, one line per day where a log does. */
export function showProgress(days: number, out: NodeJS.WriteStream): Progress {
  if (!out.isTTY) {
    return {
      dayDone: (day, reports) => void out.write(`${day}: ${reports} reports\n`),
      stop: () => undefined,
    };
  }
  const bar = new SingleBar({
    stream: out,
    format: '{bar} {day} | {value} of {total} days | {reports} reports | {eta_formatted} to go',
    hideCursor: true,
    // Ctrl-C ends the replay after the running day; the bar must not end the process before.
    gracefulExit: false,
  });
  let sum = 0;
  bar.start(days, 0, { day: '', reports: sum });
  return {
    dayDone: (day, reports) => {
      sum += reports;
      bar.increment(1, { day, reports: sum });
    },
    stop: () => bar.stop(),
  };
}
