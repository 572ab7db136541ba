import type { TokenSource } from '../client/hub-client.js';
import { Notices } from '../client/notices.js';
import { pacer } from '../client/pacing.js';
import { PlayerError } from '../client/player-error.js';
import { runPlayer } from '../client/player.js';
import { showProgress } from '../client/progress.js';
import { originOf } from '../../shared/addresses.js';
import { reportingSites, reportsOf } from './day.js';
import { declareMissingCentres } from './first-day.js';
import { Hub } from './hub.js';
import { readOptions, USAGE, type ReplayOptions } from './options.js';
import { endsByDay, readRegister, type Register } from './register.js';
import { serviceTokens } from './service-tokens.js';

/** Runs the command and returns its exit status. SIGINT and SIGTERM end it after the current day. */
export function main(args: string[]): Promise<number> {
  return runPlayer(async (settings, stop) => {
    const options = readOptions(args, `${originOf(settings)}/graphql`);
    if (!options) {
      process.stdout.write(`${USAGE}\n`);
      return 0;
    }
    const { token } = options;
    if (token === undefined && settings.oidcIssuer !== undefined) {
      throw new PlayerError('OIDC_ISSUER is set, so give a token of that issuer with --token.');
    }
    // `npm start` declares the centres in a hub of its own; into any other hub a replay sends only the register's days.
    const completesFirstDay = token === undefined && settings.databaseUrl.capacity === undefined;
    return replay(
      { ...options, completesFirstDay },
      token === undefined
        ? serviceTokens(settings.dataFolder, settings.oidcAudience)
        : async () => token,
      stop,
    );
  });
}

async function replay(
  options: ReplayOptions & { completesFirstDay: boolean },
  tokens: TokenSource,
  stop: AbortSignal,
): Promise<number> {
  const register = await registerFor(options);
  const hub = new Hub(options.url, tokens);
  const notices = new Notices();
  try {
    const { lastDay, accepted, refused } = await reportDays(
      register,
      hub,
      notices,
      options.speed,
      stop,
    );
    if (options.completesFirstDay && !stop.aborted) await completeFirstDay(hub, notices);
    notices.print(process.stderr);
    const done = lastDay === [...register.days.keys()].at(-1) ? 'Done' : 'Stopped';
    process.stdout.write(
      `${done}${lastDay ? ` after ${lastDay}` : ''}: ${accepted} reports accepted, ${refused} refused.\n`,
    );
    return refused > 0 ? 1 : 0;
  } finally {
    await hub.close();
  }
}

/** Declares the trauma centres that an interrupted first start left out. */
async function completeFirstDay(hub: Hub, notices: Notices): Promise<void> {
  const { count, refusals } = await declareMissingCentres(hub);
  if (count > 0) process.stdout.write(`${count} modelled trauma centres are declared.\n`);
  for (const message of refusals) notices.add(`Refused: ${message}`);
}

async function registerFor({ file, from, to }: ReplayOptions): Promise<Register> {
  const register = await readRegister(file, from, to);
  const { days, span } = register;
  if (!span) throw new PlayerError(`${file} has no rows.`);
  if (days.size === 0) {
    throw new PlayerError(
      `${file} has the days ${span.first} to ${span.last}, nothing from ${from} to ${to}. Change --from and --to, or --file.`,
    );
  }
  return register;
}

async function reportDays(
  register: Register,
  hub: Hub,
  notices: Notices,
  speed: number | undefined,
  stop: AbortSignal,
) {
  const sites = reportingSites(await hub.facilities());
  const { days, ends } = register;
  const endsOf = endsByDay(register);
  const progress = showProgress(days.size, 'days', process.stdout);
  const due = pacer(speed, stop);
  let lastDay: string | undefined;
  let observedAt = 0;
  let accepted = 0;
  let refused = 0;
  try {
    for (const [day, rows] of days) {
      if (!(await due())) break;
      // Facilities start and stop reporting during a replay.
      const own = await hub.ownReports();
      // Two days never have the same instant, because the hub could not order two reports of one instant.
      observedAt = Math.max(Date.now(), observedAt + 1);
      const ended = endsOf.get(day) ?? [];
      const { reports, withoutSite, contradictory } = reportsOf(day, rows, sites, {
        own,
        ended,
        observedAt: new Date(observedAt),
      });
      const refusals = await hub.report(reports);
      for (const message of refusals) notices.add(`Refused: ${message}`);
      for (const kreis of ended) {
        notices.add(
          `Kreis ${kreis} has no numbers after ${ends.get(kreis)}: its facilities are NOT_REPORTED from ${day} on.`,
        );
      }
      for (const kreis of withoutSite)
        notices.add(`Kreis ${kreis} has beds but no facility in the hub: not reported.`);
      for (const kreis of contradictory) {
        notices.add(
          `Kreis ${kreis} states more free beds than its other numbers allow; the hub shows fewer.`,
        );
      }
      accepted += reports.length - refusals.length;
      refused += refusals.length;
      lastDay = day;
      progress.done(`${day}: ${reports.length - refusals.length} reports`);
    }
  } finally {
    progress.stop();
  }
  return { lastDay, accepted, refused };
}
