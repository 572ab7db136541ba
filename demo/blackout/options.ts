import { readArguments, readSpeed, readUrl } from '../client/arguments.js';
import { PlayerError } from '../client/player-error.js';

export interface BlackoutOptions {
  /** AGS prefix: a Land, a Regierungsbezirk or a Kreis. */
  area: string;
  hours: number;
  /** How many Kreise of the area are without the grid. */
  kreise: number;
  lorries: number;
  url: string;
  /** Played hours per second; as fast as the hub follows when left out. */
  speed?: number;
}

const DEFAULTS = { area: '05', hours: '12', kreise: '3', lorries: '4' };
const MOST = { hours: 72, kreise: 20, lorries: 50 };

export const USAGE = `npm run blackout -- --area 05 --hours 12 [--kreise N] [--lorries N] [--speed HOURS_PER_SECOND] [--url URL]

Plays a failure of the grid in a running hub, with development tokens of hospitals, crisis staff and fuel depots: generators start,
each hospital reports its fuel every hour and requests diesel, tank lorries drive by the hub's plan, and beds leave the plan before
they fail and return with the delivery. At the end the grid is back.

  --area        AGS prefix of 2, 3 or 5 digits; left out: ${DEFAULTS.area}
  --hours       how many hours are played, 1 to ${MOST.hours}; left out: ${DEFAULTS.hours}
  --kreise      in how many Kreise, 1 to ${MOST.kreise}: those that are hit hardest, side by side; left out: ${DEFAULTS.kreise}
  --lorries     tank lorries of 10,000 litres, 1 to ${MOST.lorries}; left out: ${DEFAULTS.lorries}
  --speed       played hours per second; left out: as fast as the hub follows
  --url         the hub; left out: the one npm start runs

The first levels are those that the hub models. The run reports them, so that from then on they limit beds, as a hospital's own do.`;

const NAMES = ['area', 'hours', 'kreise', 'lorries', 'speed', 'url'] as const;

/** Reads the command line; undefined with --help. Throws PlayerError. */
export function readOptions(args: string[], defaultUrl: string): BlackoutOptions | undefined {
  const { help, speed, url, ...given } = readArguments(args, NAMES, 'blackout');
  if (help) return undefined;
  const texts = { ...DEFAULTS, ...given };
  if (!/^(\d{2}|\d{3}|\d{5})$/.test(texts.area)) {
    throw new PlayerError(
      `--area is "${texts.area}", expected an AGS prefix of 2, 3 or 5 digits, like 05 for Nordrhein-Westfalen.`,
    );
  }
  const count = (name: keyof typeof MOST) => readCount(name, texts[name], MOST[name]);
  return {
    area: texts.area,
    hours: count('hours'),
    kreise: count('kreise'),
    lorries: count('lorries'),
    ...readSpeed(speed, 'played hours'),
    url: readUrl(url ?? defaultUrl),
  };
}

function readCount(name: string, text: string, most: number): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1 && count <= most) return count;
  throw new PlayerError(`--${name} is "${text}", expected a whole number from 1 to ${most}.`);
}
