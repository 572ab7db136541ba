import type { Progress } from '../client/progress.js';
import { ControlRoom, type Registered } from './control-room.js';
import { Destinations, isTreated } from './destinations.js';
import { Houses } from './houses.js';
import { Journeys, type Journey } from './journeys.js';
import type { Category, RosterPatient } from './roster.js';
import type { Scene } from './scene.js';
import type { Ask } from './speaking.js';

export interface Exercise {
  roster: readonly RosterPatient[];
  scene: Scene;
  ask: Ask;
  now: () => Date;
  /** Waits until the next step is due; false when it is time to stop. */
  due: () => Promise<boolean>;
  progress: Progress;
}

/** What an exercise came to. */
export interface Played {
  /** Houses that declared a planning number for it. */
  declared: number;
  broughtTo: Journey[];
  /** Patients who stayed at the scene, and why. */
  stayed: { patient: RosterPatient; why: string }[];
  /** Whether everything was played. */
  finished: boolean;
}

/** Steps of an exercise, for whoever shows how far it is: two triages each, and two ends of each journey. */
export function stepsOf(roster: readonly RosterPatient[]): number {
  return 2 * roster.length + 2 * roster.filter(isTreated).length;
}

/** Plays an incident from its declaration to its end. Whoever is on the way is brought, also when it is time to stop. */
export async function play(exercise: Exercise): Promise<Played> {
  const { roster, scene, ask, now, due, progress } = exercise;
  const controlRoom = new ControlRoom(ask, scene);
  const houses = new Houses(ask);
  const destinations = new Destinations(ask, scene);
  const declared = await destinations.prepare(roster, houses, now);
  const incident = await controlRoom.declare(
    `ÜBUNG ÜBUNG ÜBUNG: ${roster.length} patients at ${scene.name}`,
    roster.length,
  );
  const registered = await controlRoom.register(incident, roster);

  for (const one of registered) {
    if (!(await due())) break;
    progress.done(`${one.patient.tag} pre-triage ${await controlRoom.pretriage(one)}`);
  }
  for (const one of registered) {
    if (!(await due())) break;
    progress.done(`${one.patient.tag} physician ${await controlRoom.triage(one)}`);
  }
  const journeys = new Journeys({ controlRoom, houses, destinations }, incident.slice(0, 4), now);
  const { broughtTo, stayed } = await transport(registered, journeys, exercise);
  const finished = await due();
  if (finished) await controlRoom.close(incident, 'End of the exercise.');
  return { declared, broughtTo, stayed, finished };
}

async function transport(
  registered: readonly Registered[],
  journeys: Journeys,
  { due, progress }: Exercise,
): Promise<Pick<Played, 'broughtTo' | 'stayed'>> {
  const broughtTo: Journey[] = [];
  const stayed: Played['stayed'] = [];
  const bringOne = async () => {
    const journey = await journeys.bring();
    if (!journey) return false;
    broughtTo.push(journey);
    progress.done(`${journey.patient.patient.tag} handed over at ${journey.destination.name}`);
    return true;
  };
  for (const one of inOrder(registered)) {
    const { patient } = one;
    if (!isTreated(patient)) {
      stayed.push({ patient, why: 'not transported' });
      continue;
    }
    while (!journeys.hasVehicleFor(one) && (await due())) await bringOne();
    if (!(await due())) {
      stayed.push({ patient, why: 'stopped before his turn' });
      continue;
    }
    const journey = await journeys.send(one);
    if (journey) progress.done(departure(journey));
    else stayed.push({ patient, why: 'no house with a place' });
  }
  do await due();
  while (await bringOne());
  return { broughtTo, stayed };
}

function departure({ patient: { patient }, destination, vehicle }: Journey): string {
  const physician = vehicle.physician ? ' with physician' : '';
  const way = `${destination.name}, ${destination.km.toFixed(1)} km`;
  return `${patient.tag} ${patient.category} to ${way}, by ${vehicle.means}${physician}`;
}

/** The most urgent first. As text SK_III would come before SK_II, and that before SK_I with what follows it. */
const URGENCY: readonly Category[] = ['SK_I', 'SK_II', 'SK_III', 'SK_IV', 'EX'];

/** SK I first, then SK II and SK III, those with transport priority before the others. */
function inOrder(registered: readonly Registered[]): Registered[] {
  const urgency = ({ patient }: Registered) =>
    2 * URGENCY.indexOf(patient.category) + (patient.transportPriority ? 0 : 1);
  return [...registered].sort(
    (a, b) => urgency(a) - urgency(b) || (a.patient.tag < b.patient.tag ? -1 : 1),
  );
}
