import { asLongAsItTakes } from '../client/patience.js';
import { reportingSites, reportsOf } from './day.js';
import { declarationsOf } from './declarations.js';
import { Hub } from './hub.js';
import { SHIPPED_REGISTER } from './options.js';
import { readRegister } from './register.js';
import { serviceToken } from './service-token.js';
import { traumaCentres } from './trauma-centres.js';

/** The day of the register that a new hub shows. */
const FIRST_DAY = '2020-10-01';

export interface FirstDay {
  gatewayUrl: string;
  dataFolder: string;
  /** The audience the hub's tokens must name. */
  audience: string;
  /** Gets a line when the hub has taken another part. */
  progress(line: string): void;
}

/**
 * Gives a new hub its first situation: the register's day, and houses that can be steered to; where it has a part of it
 * already, only the rest. Tries as long as the hub needs. Returns how many reports and declarations it took and why it
 * refused others. Throws PlayerError.
 */
export async function importFirstDay({ gatewayUrl, dataFolder, audience, progress }: FirstDay) {
  const hub = new Hub(gatewayUrl, serviceToken(dataFolder, audience), asLongAsItTakes);
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
      taken: missing.length - refusals.length + centres.count,
      refusals: [...refusals, ...centres.refusals],
    };
  } finally {
    await hub.close();
  }
}

/** Declares the modelled trauma centres of which nobody has declared anything. Returns how many, and why others were refused. */
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
