import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FirstDay } from '../../demo/replay/first-day.js';

/**
 * Gives a hub on a new embedded database its first situation, once, and writes a marker file. A hub without it works otherwise,
 * so a failure is reported and the next start tries again.
 */
export async function showFirstDay(day: FirstDay, report: (line: string) => void): Promise<void> {
  const marker = join(day.dataFolder, 'first-day');
  if (existsSync(marker)) return;
  try {
    // Loaded late: only the very first start needs it.
    const { importFirstDay } = await import('../../demo/replay/first-day.js');
    const { accepted, refusals } = await importFirstDay(day);
    if (refusals.length)
      report(`Of the first day's reports and declarations ${refusals.length} were refused.`);
    writeFileSync(marker, `${accepted}\n`);
  } catch (error) {
    report(
      `The hub shows no situation yet: the register's first day could not be reported (${(error as Error).message}). ` +
        'It is tried again at the next start.',
    );
  }
}
