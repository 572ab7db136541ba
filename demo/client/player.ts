import { readSettings, SettingsError, type Settings } from '../../shared/env.js';
import { PlayerError } from './player-error.js';

/**
 * Runs a command that plays something into a hub and returns its exit status. SIGINT and SIGTERM stop it at a point where
 * nothing is left half done. An error that the user can correct is one line on stderr.
 */
export async function runPlayer(
  play: (settings: Settings, stop: AbortSignal) => Promise<number>,
): Promise<number> {
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  try {
    return await play(readSettings(), stop.signal);
  } catch (error) {
    if (!(error instanceof PlayerError || error instanceof SettingsError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}
