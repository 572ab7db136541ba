import { readArguments, readSpeed, readUrl } from '../playing/arguments.js';
import { SHIPPED_ROSTER } from './roster.js';
import { sceneIn, type Scene } from './scene.js';

export interface IncidentOptions {
  patients: string;
  scene: Scene;
  url: string;
  /** Turns per second; as fast as the hub takes them when left out. */
  speed?: number;
}

/** Where nobody says otherwise: Cologne. */
const AREA = '05315';

export const USAGE = `npm run incident -- --patients data/manv/patients_44.json [--area AGS] [--speed STEPS_PER_SECOND] [--url URL]

Plays an exercise's patients as a mass-casualty incident in a running hub: declared, triaged, sent, brought, handed over,
with development tokens of the control room and of the destinations' staff.
  --patients    a roster like the one in data/manv; left out: that one
  --area        AGS of the Kreis it happens in, five digits; left out: ${AREA}
  --speed       steps per second, each one triage, departure or arrival; left out: as fast as the hub takes them
  --url         the hub; left out: the one npm start runs

Where the houses around have said too little of what they take, their staff declare a planning number for twelve hours,
marked MODELLED and named an exercise.`;

/** Reads the command line; undefined when help was asked for. Throws PlayerError. */
export function readOptions(args: string[], defaultUrl: string): IncidentOptions | undefined {
  const names = ['patients', 'area', 'speed', 'url'] as const;
  const { patients, area, speed, url, help } = readArguments(args, names, 'incident');
  if (help) return undefined;
  return {
    patients: patients ?? SHIPPED_ROSTER,
    scene: sceneIn(area ?? AREA),
    ...readSpeed(speed, 'steps'),
    url: readUrl(url ?? defaultUrl),
  };
}
