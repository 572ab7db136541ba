import { reportingSites, reportsOf } from './day.js';
import { Hub } from './hub.js';
import { SHIPPED_REGISTER } from './options.js';
import { readRegister } from './register.js';
import { serviceToken } from './service-token.js';

/** The day of the register that a new hub shows. */
const FIRST_DAY = '2020-10-01';

export interface FirstDay {
  gatewayUrl: string;
  dataFolder: string;
  /** The audience the hub's tokens must name. */
  audience: string;
}

/** Gives a new hub its first situation. Returns how many reports it took and why it refused others. Throws ReplayError. */
export async function importFirstDay({ gatewayUrl, dataFolder, audience }: FirstDay) {
  const hub = new Hub(gatewayUrl, serviceToken(dataFolder, audience));
  try {
    const [{ days }, facilities] = await Promise.all([
      readRegister(SHIPPED_REGISTER, FIRST_DAY, FIRST_DAY),
      hub.facilities(),
    ]);
    const rows = days.get(FIRST_DAY) ?? [];
    const { reports } = reportsOf(FIRST_DAY, rows, reportingSites(facilities), new Date());
    const refusals = await hub.report(reports);
    return { reported: reports.length - refusals.length, refusals };
  } finally {
    await hub.close();
  }
}
