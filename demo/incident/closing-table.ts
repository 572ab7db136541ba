import { aligned } from './aligned.js';
import type { Played } from './play.js';

const CATEGORIES = ['SK_I', 'SK_II', 'SK_III'] as const;

/** Who was brought where, house by house, nearest first, and who stayed. */
export function closingTable({ declared, broughtTo, stayed, finished }: Played): string {
  const houses = new Map(broughtTo.map(({ destination }) => [destination.id, destination]));
  const rows = [...houses.values()]
    .sort((a, b) => a.km - b.km)
    .map(({ id, name, km }) => {
      const here = broughtTo.filter(({ destination }) => destination.id === id);
      return [name, km.toFixed(1), ...counts(here), String(here.length)];
    });
  const all = ['All houses', '', ...counts(broughtTo), String(broughtTo.length)];
  const reasons = new Map<string, string[]>();
  for (const { patient, why } of stayed) {
    reasons.set(why, [...(reasons.get(why) ?? []), `${patient.tag} ${patient.category}`]);
  }
  return [
    ...aligned([['House', 'km', ...CATEGORIES, 'all'], ...rows, all]),
    ...[...reasons].map(([why, who]) => `At the scene, ${why}: ${who.join(', ')}`),
    ...(declared > 0 ? [`${declared} houses declared a planning number for the exercise.`] : []),
    `${finished ? 'Done' : 'Stopped'}: ${broughtTo.length} patients handed over, ${stayed.length} stayed at the scene.`,
  ].join('\n');
}

function counts(journeys: Played['broughtTo']): string[] {
  return CATEGORIES.map((category) =>
    String(journeys.filter(({ patient }) => patient.patient.category === category).length),
  );
}
