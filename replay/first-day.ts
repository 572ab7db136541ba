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
}

/**
 * Gives a new hub its first situation: the register's day, and houses that can be steered to. Returns how many reports and
 * declarations it took and why it refused others. Throws PlayerError.
 */
export async function importFirstDay({ gatewayUrl, dataFolder, audience }: FirstDay) {
  const hub = new Hub(gatewayUrl, serviceToken(dataFolder, audience));
  try {
    const [{ days }, facilities, kreise] = await Promise.all([
      readRegister(SHIPPED_REGISTER, FIRST_DAY, FIRST_DAY),
      hub.facilities(),
      hub.kreise(),
    ]);
    const rows = days.get(FIRST_DAY) ?? [];
    const { reports } = reportsOf(FIRST_DAY, rows, reportingSites(facilities), {
      own: await hub.ownReports(),
      observedAt: new Date(),
    });
    const declarations = declarationsOf(traumaCentres(facilities, kreise));
    const refusals = [...(await hub.report(reports)), ...(await hub.declare(declarations))];
    return { taken: reports.length + declarations.length - refusals.length, refusals };
  } finally {
    await hub.close();
  }
}
