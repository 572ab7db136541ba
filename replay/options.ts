import { parseArgs } from 'node:util';
import { projectPath } from '../shared/root.js';
import { isDay } from './register.js';
import { ReplayError } from './replay-error.js';

export const SHIPPED_REGISTER = projectPath(
  'data/divi/landkreise_wave2_2020-10-01_2021-01-31.csv.gz',
);

export interface ReplayOptions {
  from: string;
  to: string;
  file: string;
  url: string;
  /** Days per second; as fast as the hub takes them when left out. */
  speed?: number;
  /** A client's token; a development token when left out. */
  token?: string;
}

export const USAGE = `npm run replay -- --from 2020-10-01 --to 2020-12-31 [--speed DAYS_PER_SECOND] [--file KREISE.csv[.gz]] [--url URL] [--token TOKEN]

Reports the intensive-care register's days to a running hub, as the hospitals would.
  --from, --to  first and last day, YYYY-MM-DD
  --speed       days per second; left out: as fast as the hub takes them
  --file        a Kreis file of the register; left out: the one in data/divi
  --url         the hub; left out: the one npm start runs
  --token       a client's token with the scope beds:report for all of Germany; left out: a development token`;

/** Reads the command line; undefined when help was asked for. Throws ReplayError. */
export function readOptions(args: string[], defaultUrl: string): ReplayOptions | undefined {
  const { from, to, speed, file, url, token, help } = parsedArguments(args);
  if (help) return undefined;
  for (const [name, value] of Object.entries({ from, to })) {
    if (value === undefined) throw new ReplayError(`--${name} is missing: a day like 2020-10-01.`);
    if (!isDay(value))
      throw new ReplayError(`--${name} is "${value}", expected a day like 2020-10-01.`);
  }
  if (from! > to!) throw new ReplayError(`--from ${from} lies after --to ${to}.`);
  const daysPerSecond = Number(speed);
  if (speed !== undefined && !(daysPerSecond > 0 && Number.isFinite(daysPerSecond))) {
    throw new ReplayError(
      `--speed is "${speed}", expected days per second above 0, like 2 or 0.5.`,
    );
  }
  const hub = url ?? defaultUrl;
  if (!/^https?:$/.test(URL.canParse(hub) ? new URL(hub).protocol : '')) {
    throw new ReplayError(`--url is "${hub}", expected one like http://127.0.0.1:4000/graphql.`);
  }
  return {
    from: from!,
    to: to!,
    file: file ?? SHIPPED_REGISTER,
    url: hub,
    ...(speed === undefined ? {} : { speed: daysPerSecond }),
    ...(token === undefined ? {} : { token }),
  };
}

function parsedArguments(args: string[]) {
  const text = { type: 'string' } as const;
  try {
    const options = { from: text, to: text, speed: text, file: text, url: text, token: text };
    return parseArgs({ args, options: { ...options, help: { type: 'boolean' } } }).values;
  } catch (error) {
    throw new ReplayError(
      `${(error as Error).message.split(/\.\s|\n/)[0]}. See npm run replay -- --help.`,
    );
  }
}
