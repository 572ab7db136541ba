import { readArguments, readSpeed, readUrl } from '../client/arguments.js';
import { PlayerError } from '../client/player-error.js';
import { SHIPPED_ROSTER } from './roster.js';
import { sceneIn, type Scene } from '../client/scene.js';

/** A synthetic incident that the hub steers. */
export interface SyntheticOptions {
  casualties: number;
  scenes: number;
  seed: number;
}

export interface IncidentOptions {
  /** A roster to be played, or a synthetic incident. */
  patients: string | SyntheticOptions;
  scene: Scene;
  url: string;
  /** Steps per second; as fast as the hub accepts them when left out. */
  speed?: number;
}

/** The area of an incident without `--area`: Cologne. */
const AREA = '05315';
const MOST_CASUALTIES = 20_000;
const MOST_SCENES = 50;

export const USAGE = `npm run incident -- --patients data/manv/patients_44.json [--area AGS] [--speed STEPS_PER_SECOND] [--url URL]
npm run incident -- --casualties 1000 --places 5 [--seed N] [--area AGS] [--url URL]

Plays a mass-casualty incident in a running hub, with development tokens of the control room and of the destinations' staff.

With --patients an exercise's patients: declared, triaged, sent to the nearest suitable facility, brought, handed over.
  --patients    a roster like the one in data/manv; left out: that one
  --speed       steps per second, each one triage, departure or arrival; left out: as fast as the hub accepts them

With --casualties a synthetic incident that the hub steers: wave after wave proposed, confirmed, brought, handed over.
  --casualties  how many, 1 to ${MOST_CASUALTIES}, in the shares of the clinics around Ulm
  --places      at how many scenes, 1 to ${MOST_SCENES}: the middles of the Kreis and of those nearest to it; left out: 1
  --seed        a whole number from 1: the same seed gives the same casualties; left out: 1

  --area        AGS of the Kreis it happens in, five digits; left out: ${AREA}
  --url         the hub; left out: the one npm start runs

Where the facilities nearby have declared too little intake, they declare a planning number for the exercise of a roster: for
twelve hours, marked MODELLED and as an exercise. A steered incident uses the declared intake.`;

const NAMES = ['patients', 'casualties', 'places', 'seed', 'area', 'speed', 'url'] as const;
type OptionTexts = Partial<Record<(typeof NAMES)[number], string>>;

/** Reads the command line; undefined with --help. Throws PlayerError. */
export function readOptions(args: string[], defaultUrl: string): IncidentOptions | undefined {
  const { help, ...given } = readArguments(args, NAMES, 'incident');
  if (help) return undefined;
  return {
    patients: synthetic(given) ?? given.patients ?? SHIPPED_ROSTER,
    scene: sceneIn(given.area ?? AREA),
    ...readSpeed(given.speed, 'steps'),
    url: readUrl(given.url ?? defaultUrl),
  };
}

function synthetic({
  casualties,
  places: scenes,
  seed,
  ...others
}: OptionTexts): SyntheticOptions | undefined {
  if (casualties === undefined) {
    const stray = scenes === undefined ? seed && '--seed' : '--places';
    if (stray) throw new PlayerError(`${stray} belongs to --casualties, which is missing.`);
    return undefined;
  }
  const stray = (['patients', 'speed'] as const).find((name) => others[name] !== undefined);
  if (stray) throw new PlayerError(`--${stray} and --casualties exclude each other: name one.`);
  return {
    casualties: readCount('casualties', casualties, MOST_CASUALTIES),
    scenes: readCount('places', scenes ?? '1', MOST_SCENES),
    seed: readCount('seed', seed ?? '1', 2 ** 31 - 2),
  };
}

function readCount(name: string, text: string, most: number): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1 && count <= most) return count;
  throw new PlayerError(`--${name} is "${text}", expected a whole number from 1 to ${most}.`);
}
