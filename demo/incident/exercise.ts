import type { Progress } from '../client/progress.js';
import { ControlRoom, type RegisteredPatient } from './control-room.js';
import { Destinations, isTreated } from './destinations.js';
import { FacilityStaff } from './facility-staff.js';
import { Journeys, type Journey } from './journeys.js';
import type { SendAs } from '../client/requests.js';
import type { RosterCategory, RosterPatient } from './roster.js';
import type { Scene } from '../client/scene.js';

export interface Exercise {
  roster: readonly RosterPatient[];
  scene: Scene;
  send: SendAs;
  now: () => Date;
  /** Waits until the next step is due; returns false when the exercise has to stop. */
  due: () => Promise<boolean>;
  progress: Progress;
}

/** The result of an exercise. */
export interface ExerciseResult {
  /** Facilities that declared a planning number for it. */
  declared: number;
  broughtTo: Journey[];
  /** Patients who stayed at the scene, each with the reason. */
  stayed: { patient: RosterPatient; reason: string }[];
  /** Whether no step was left out. */
  finished: boolean;
}

export const NO_INTAKE = 'no facility with free intake';

/** Returns the number of steps that an exercise shows: two triages of each patient, and two ends of each journey. */
export function stepsOf(roster: readonly RosterPatient[]): number {
  return 2 * roster.length + 2 * roster.filter(isTreated).length;
}

/** Runs an exercise from the declaration of the incident to its end. A patient under way is brought, even after a stop. */
export async function runExercise(exercise: Exercise): Promise<ExerciseResult> {
  const { roster, scene, send, now, due, progress } = exercise;
  const controlRoom = new ControlRoom(send, scene);
  const staff = new FacilityStaff(send);
  const destinations = new Destinations(send, scene);
  const declared = await destinations.prepare(roster, staff, now);
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
  const journeys = new Journeys({ controlRoom, staff, destinations }, incident.slice(0, 4), now);
  const { broughtTo, stayed } = await transport(registered, journeys, exercise);
  const finished = await due();
  if (finished) await controlRoom.close(incident, 'End of the exercise.');
  return { declared, broughtTo, stayed, finished };
}

async function transport(
  registered: readonly RegisteredPatient[],
  journeys: Journeys,
  { due, progress }: Exercise,
): Promise<Pick<ExerciseResult, 'broughtTo' | 'stayed'>> {
  const broughtTo: Journey[] = [];
  const stayed: ExerciseResult['stayed'] = [];
  const bringOne = async () => {
    const journey = await journeys.bring();
    if (!journey) return false;
    broughtTo.push(journey);
    progress.done(`${journey.patient.patient.tag} handed over at ${journey.destination.name}`);
    return true;
  };
  for (const one of byUrgency(registered)) {
    const { patient } = one;
    if (!isTreated(patient)) {
      stayed.push({ patient, reason: 'not transported' });
      continue;
    }
    while (!journeys.hasVehicleFor(one) && (await due())) await bringOne();
    if (!(await due())) {
      stayed.push({ patient, reason: 'not sent before the stop' });
      continue;
    }
    const journey = await journeys.send(one);
    if (journey) progress.done(departure(journey));
    else stayed.push({ patient, reason: NO_INTAKE });
  }
  do await due();
  while (await bringOne());
  return { broughtTo, stayed };
}

function departure({ patient: { patient }, destination, vehicle }: Journey): string {
  const physician = vehicle.physician ? ' with physician' : '';
  const target = `${destination.name}, ${destination.km.toFixed(1)} km`;
  return `${patient.tag} ${patient.category} to ${target}, by ${vehicle.means}${physician}`;
}

/** The most urgent first. As text SK_III would come before SK_II, and that before SK_I with what follows it. */
const URGENCY: readonly RosterCategory[] = ['SK_I', 'SK_II', 'SK_III', 'SK_IV', 'EX'];

/** SK I first, then SK II and SK III, those with transport priority before the others. */
function byUrgency(registered: readonly RegisteredPatient[]): RegisteredPatient[] {
  const urgency = ({ patient }: RegisteredPatient) =>
    2 * URGENCY.indexOf(patient.category) + (patient.transportPriority ? 0 : 1);
  return [...registered].sort(
    (a, b) => urgency(a) - urgency(b) || (a.patient.tag < b.patient.tag ? -1 : 1),
  );
}
