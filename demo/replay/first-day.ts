import { withoutEnd } from '../client/retries.js';
import { reportingSites, reportsOf } from './day.js';
import { declarationsOf } from './capability-declarations.js';
import { Hub } from './hub.js';
import { SHIPPED_REGISTER } from './options.js';
import { readRegister } from './register.js';
import { serviceTokens } from './service-tokens.js';
import { traumaCentres } from './trauma-centres.js';

/** The day of the register that a new hub shows. */
const FIRST_DAY = '2020-10-01';

export interface FirstDay {
  gatewayUrl: string;
  dataFolder: string;
  /** The audience the hub's tokens must name. */
  audience: string;
  /** Receives a line when the hub has stored another part. */
  progress(line: string): void;
}

/**
 * Gives a new hub its first situation: the register's day, and facilities to which patients can be steered. Parts that the hub
 * has already are left out. Repeats requests as long as the hub needs. Returns how many reports and declarations the hub
 * accepted, and the messages of those that it refused. Throws PlayerError.
 */
export async function importFirstDay({ gatewayUrl, dataFolder, audience, progress }: FirstDay) {
  const hub = new Hub(gatewayUrl, serviceTokens(dataFolder, audience), withoutEnd);
  try {
    const [{ days }, facilities, { reported }] = await Promise.all([
      readRegister(SHIPPED_REGISTER, FIRST_DAY, FIRST_DAY),
      hub.facilities(),
      hub.state(),
    ]);
    const rows = days.get(FIRST_DAY) ?? [];
    const { reports } = reportsOf(FIRST_DAY, rows, reportingSites(facilities), {
      own: await hub.ownReports(),
      observedAt: new Date(),
    });
    const missing = reports.filter(({ facility }) => !reported.has(facility));
    const refusals = await hub.report(missing);
    progress(`First day: ${missing.length} hospitals have reported intensive care.`);
    const centres = await declareMissingCentres(hub);
    progress(`First day: ${centres.count} trauma centres are declared.`);
    return {
      accepted: missing.length - refusals.length + centres.count,
      refusals: [...refusals, ...centres.refusals],
    };
  } finally {
    await hub.close();
  }
}

/** Declares the modelled trauma centres without a declaration. Returns how many, and the messages of the refused ones. */
export async function declareMissingCentres(
  hub: Hub,
): Promise<{ count: number; refusals: string[] }> {
  const [facilities, kreise, { declared }] = await Promise.all([
    hub.facilities(),
    hub.kreise(),
    hub.state(),
  ]);
  const centres = traumaCentres(facilities, kreise).filter(
    ({ facility }) => !declared.has(facility),
  );
  const refusals = await hub.declare(declarationsOf(centres));
  return { count: centres.length - refusals.length, refusals };
}
