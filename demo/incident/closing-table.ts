import { alignedColumns } from '../client/columns.js';
import type { ExerciseResult } from './exercise.js';

const CATEGORIES = ['SK_I', 'SK_II', 'SK_III'] as const;

/** Returns the patients by facility, nearest first, and those who stayed at the scene. */
export function closingTable({ declared, broughtTo, stayed, finished }: ExerciseResult): string {
  const facilities = new Map(broughtTo.map(({ destination }) => [destination.id, destination]));
  const rows = [...facilities.values()]
    .sort((a, b) => a.km - b.km)
    .map(({ id, name, km }) => {
      const here = broughtTo.filter(({ destination }) => destination.id === id);
      return [name, km.toFixed(1), ...counts(here), String(here.length)];
    });
  const all = ['All facilities', '', ...counts(broughtTo), String(broughtTo.length)];
  const reasons = new Map<string, string[]>();
  for (const { patient, reason } of stayed) {
    reasons.set(reason, [...(reasons.get(reason) ?? []), `${patient.tag} ${patient.category}`]);
  }
  return [
    ...alignedColumns([['Facility', 'km', ...CATEGORIES, 'all'], ...rows, all]),
    ...[...reasons].map(([reason, patients]) => `At the scene, ${reason}: ${patients.join(', ')}`),
    ...(declared > 0
      ? [`${declared} facilities declared a planning number for the exercise.`]
      : []),
    `${finished ? 'Done' : 'Stopped'}: ${broughtTo.length} patients handed over, ${stayed.length} stayed at the scene.`,
  ].join('\n');
}

function counts(journeys: ExerciseResult['broughtTo']): string[] {
  return CATEGORIES.map((category) =>
    String(journeys.filter(({ patient }) => patient.patient.category === category).length),
  );
}
