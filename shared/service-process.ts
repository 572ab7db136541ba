import { pino, type Logger } from 'pino';
import { loggedError } from './errors/index.js';
import { readSettings, SettingsError, type Settings } from './env.js';
import { type Tracing, tracingTo } from './telemetry/index.js';

/** A server that runs, until it is closed. */
export interface RunningService {
  /** How long it may take to end, where that is not LONGEST_END_MS. */
  longestEndMs?: number;
  close(): Promise<void>;
}

/** How long a service may take to end before it is cut off; the starter allows 8 s. */
const LONGEST_END_MS = 7_000;

/**
 * Runs one service as a process of its own: reads the settings, starts, says so, and ends cleanly on SIGTERM, SIGINT or when
 * the starter that owns it has ended. A start that fails says why in one line and ends with status 1.
 */
export async function runService(
  name: string,
  start: (settings: Settings, log: Logger, tracing: Tracing | undefined) => Promise<RunningService>,
): Promise<void> {
  let running: RunningService | undefined;
  let tracing: Tracing | undefined;
  let ending = false;
  const end = () => {
    if (ending) return;
    ending = true;
    setTimeout(() => process.exit(1), running?.longestEndMs ?? LONGEST_END_MS).unref();
    void Promise.resolve(running?.close())
      .finally(() => tracing?.close())
      .then(
        () => process.exit(0),
        () => process.exit(1),
      );
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  process.on('disconnect', end);

  try {
    const settings = readSettings();
    const log = pino(
      { name, level: settings.logLevel, serializers: { err: loggedError } },
      pino.destination(2),
    );
    tracing = await tracingTo(settings.otlpTracesUrl, name, log);
    running = await start(settings, log, tracing);
    if (!ending) process.send?.({ type: 'ready' });
  } catch (error) {
    refuse(name, error);
  }
}

function refuse(name: string, error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error);
  const message = error instanceof SettingsError ? reason : `${name} could not start: ${reason}`;
  process.exitCode = 1;
  if (process.send) process.send({ type: 'refused', message }, () => process.exit(1));
  else process.stderr.write(`${message}\n`, () => process.exit(1));
}
