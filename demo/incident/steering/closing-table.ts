import { aligned } from '../aligned.js';
import type { Steered } from './steered.js';

const CATEGORIES = ['SK_I', 'SK_II', 'SK_III'] as const;
/** Houses that are named; the rest is counted. */
const NAMED = 10;

/** Wave by wave what was planned, then the houses that took most, and who stayed. */
export function closingTable({ registered, waves, handedOver, stayed, finished }: Steered): string {
  const planned = waves.map(({ number, radiusKm, proposal: { summary }, seconds, lost }) => [
    `Wave ${number}`,
    String(radiusKm),
    String(summary.patients),
    String(summary.allocated),
    String(lost),
    String(Math.round(summary.weightedMinutes)),
    summary.optimalityGap === null ? 'none' : String(summary.optimalityGap),
    seconds.toFixed(2),
  ]);
  const plans = ['Plan', 'km', 'patients', 'given', 'lost', 'weighted min', 'gap', 's'];
  const byHouse = new Map<string, Steered['handedOver']>();
  for (const one of handedOver) {
    byHouse.set(one.facility.id, [...(byHouse.get(one.facility.id) ?? []), one]);
  }
  const houses = [...byHouse.values()].sort((a, b) => b.length - a.length);
  const rows = houses
    .slice(0, NAMED)
    .map((here) => [here[0]!.facility.name, ...counts(here), String(here.length)]);
  const rest = houses.slice(NAMED).flat();
  if (rest.length > 0) {
    rows.push([`${houses.length - NAMED} more houses`, ...counts(rest), String(rest.length)]);
  }
  const all = ['All houses', ...counts(handedOver), String(handedOver.length)];
  return [
    ...aligned([plans, ...planned]),
    '',
    ...aligned([['House', ...CATEGORIES, 'all'], ...rows, all]),
    '',
    ...[...stayed].map(([why, count]) => `Without a house, ${why}: ${count}`),
    `${finished ? 'Done' : 'Stopped'}: ${handedOver.length} of ${registered} casualties handed over to ${houses.length} houses.`,
  ].join('\n');
}

function counts(brought: Steered['handedOver']): string[] {
  return CATEGORIES.map((category) =>
    String(brought.filter((one) => one.category === category).length),
  );
}
