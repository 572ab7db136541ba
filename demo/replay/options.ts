import { readArguments, readSpeed, readUrl } from '../client/arguments.js';
import { PlayerError } from '../client/player-error.js';
import { projectPath } from '../../shared/root.js';
import { isDay } from './register.js';

export const SHIPPED_REGISTER = projectPath(
  'data/divi/landkreise_wave2_2020-10-01_2021-01-31.csv.gz',
);

export interface ReplayOptions {
  from: string;
  to: string;
  file: string;
  url: string;
  /** Days per second; without it as fast as the hub accepts them. */
  speed?: number;
  /** A client's token; without it development tokens are used. */
  token?: string;
}

export const USAGE = `npm run replay -- --from 2020-10-01 --to 2020-12-31 [--speed DAYS_PER_SECOND] [--file KREISE.csv[.gz]] [--url URL] [--token TOKEN]

Reports the intensive-care register's days to a running hub, as the hospitals would.
  --from, --to  first and last day, YYYY-MM-DD
  --speed       days per second; left out: as fast as the hub accepts them
  --file        a Kreis file of the register; left out: the one in data/divi
  --url         the hub; left out: the one npm start runs
  --token       a client's token with the scope beds:report for all of Germany; left out: a development token`;

/** Reads the command line; undefined with --help. Throws PlayerError. */
export function readOptions(args: string[], defaultUrl: string): ReplayOptions | undefined {
  const names = ['from', 'to', 'speed', 'file', 'url', 'token'] as const;
  const { from, to, speed, file, url, token, help } = readArguments(args, names, 'replay');
  if (help) return undefined;
  for (const [name, value] of Object.entries({ from, to })) {
    if (value === undefined) throw new PlayerError(`--${name} is missing: a day like 2020-10-01.`);
    if (!isDay(value))
      throw new PlayerError(`--${name} is "${value}", expected a day like 2020-10-01.`);
  }
  if (from! > to!) throw new PlayerError(`--from ${from} lies after --to ${to}.`);
  return {
    from: from!,
    to: to!,
    file: file ?? SHIPPED_REGISTER,
    ...readSpeed(speed, 'days'),
    url: readUrl(url ?? defaultUrl),
    ...(token === undefined ? {} : { token }),
  };
}
