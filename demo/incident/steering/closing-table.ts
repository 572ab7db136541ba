import { alignedColumns } from '../../client/columns.js';
import type { SteeredResult } from './exercise.js';

const CATEGORIES = ['SK_I', 'SK_II', 'SK_III'] as const;
/** Facilities that are listed by name; the others are one row. */
const NAMED = 10;

/** Returns the plans wave by wave, then the facilities that received most patients, then those who stayed. */
export function closingTable({
  registered,
  waves,
  handedOver,
  stayed,
  finished,
}: SteeredResult): string {
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
  const plans = ['Plan', 'km', 'patients', 'allocated', 'lost', 'weighted min', 'gap', 's'];
  const byFacility = new Map<string, SteeredResult['handedOver']>();
  for (const one of handedOver) {
    byFacility.set(one.facility.id, [...(byFacility.get(one.facility.id) ?? []), one]);
  }
  const facilities = [...byFacility.values()].sort((a, b) => b.length - a.length);
  const rows = facilities
    .slice(0, NAMED)
    .map((here) => [here[0]!.facility.name, ...counts(here), String(here.length)]);
  const rest = facilities.slice(NAMED).flat();
  if (rest.length > 0) {
    rows.push([
      `${facilities.length - NAMED} more facilities`,
      ...counts(rest),
      String(rest.length),
    ]);
  }
  const all = ['All facilities', ...counts(handedOver), String(handedOver.length)];
  return [
    ...alignedColumns([plans, ...planned]),
    '',
    ...alignedColumns([['Facility', ...CATEGORIES, 'all'], ...rows, all]),
    '',
    ...[...stayed].map(([code, count]) => `Without a facility, ${code}: ${count}`),
    `${finished ? 'Done' : 'Stopped'}: ${handedOver.length} of ${registered} casualties handed over to ${facilities.length} facilities.`,
  ].join('\n');
}

function counts(brought: SteeredResult['handedOver']): string[] {
  return CATEGORIES.map((category) =>
    String(brought.filter((one) => one.category === category).length),
  );
}
