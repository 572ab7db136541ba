import { readSettings, SettingsError } from '../shared/env.js';
import { reportingSites, reportsOf } from './day.js';
import { Hub } from './hub.js';
import { Notices } from './notices.js';
import { readOptions, USAGE, type ReplayOptions } from './options.js';
import { paceOf } from './pace.js';
import { showProgress } from './progress.js';
import { readRegister, type KreisDay } from './register.js';
import { ReplayError } from './replay-error.js';
import { serviceToken } from './service-token.js';

/** Runs the command and returns its exit status. SIGINT and SIGTERM end it after the day that is being reported. */
export async function main(args: string[]): Promise<number> {
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  try {
    const settings = readSettings();
    const options = readOptions(args, `http://127.0.0.1:${settings.port}/graphql`);
    if (!options) {
      process.stdout.write(`${USAGE}\n`);
      return 0;
    }
    const { token } = options;
    if (token === undefined && settings.oidcIssuer !== undefined) {
      throw new ReplayError('OIDC_ISSUER is set, so give a token of that issuer with --token.');
    }
    return await replay(
      options,
      token === undefined
        ? serviceToken(settings.dataFolder, settings.oidcAudience)
        : async () => token,
      stop.signal,
    );
  } catch (error) {
    if (!(error instanceof ReplayError || error instanceof SettingsError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}

async function replay(
  options: ReplayOptions,
  token: () => Promise<string>,
  stop: AbortSignal,
): Promise<number> {
  const days = await daysOf(options);
  const hub = new Hub(options.url, token);
  const notices = new Notices();
  try {
    const { lastDay, taken, refused } = await reportDays(days, hub, notices, options.speed, stop);
    notices.print(process.stderr);
    const done = lastDay === [...days.keys()].at(-1) ? 'Done' : 'Stopped';
    process.stdout.write(
      `${done}${lastDay ? ` after ${lastDay}` : ''}: ${taken} reports taken, ${refused} refused.\n`,
    );
    return refused > 0 ? 1 : 0;
  } finally {
    await hub.close();
  }
}

async function daysOf({ file, from, to }: ReplayOptions): Promise<Map<string, KreisDay[]>> {
  const { days, span } = await readRegister(file, from, to);
  if (!span) throw new ReplayError(`${file} has no rows.`);
  if (days.size === 0) {
    throw new ReplayError(
      `${file} has the days ${span.first} to ${span.last}, nothing from ${from} to ${to}. Change --from and --to, or --file.`,
    );
  }
  return days;
}

async function reportDays(
  days: Map<string, KreisDay[]>,
  hub: Hub,
  notices: Notices,
  speed: number | undefined,
  stop: AbortSignal,
) {
  const sites = reportingSites(await hub.facilities());
  const progress = showProgress(days.size, process.stdout);
  const due = paceOf(speed, stop);
  let lastDay: string | undefined;
  let observedAt = 0;
  let taken = 0;
  let refused = 0;
  try {
    for (const [day, rows] of days) {
      if (!(await due())) break;
      // Never the same instant twice: of two reports of one instant the hub could not tell which day is later.
      observedAt = Math.max(Date.now(), observedAt + 1);
      const { reports, withoutSite, contradictory } = reportsOf(
        day,
        rows,
        sites,
        new Date(observedAt),
      );
      const refusals = await hub.report(reports);
      for (const message of refusals) notices.add(`Refused: ${message}`);
      for (const kreis of withoutSite)
        notices.add(`Kreis ${kreis} has beds but no facility in the hub: not reported.`);
      for (const kreis of contradictory) {
        notices.add(
          `Kreis ${kreis} states more free beds than its other numbers allow; the hub shows fewer.`,
        );
      }
      taken += reports.length - refusals.length;
      refused += refusals.length;
      lastDay = day;
      progress.dayDone(day, reports.length - refusals.length);
    }
  } finally {
    progress.stop();
  }
  return { lastDay, taken, refused };
}
