import { alignedColumns } from '../client/columns.js';
import type { BlackoutResult } from './exercise.js';
import { type Hospital, isOutOfPlan } from './hospital.js';

/** Returns who ran short, when their beds left the plan and returned, and what was delivered. */
export function closingTable({ hospitals, hours, finished }: BlackoutResult): string {
  const concerned = hospitals
    .filter(
      ({ received, leftPlanAt, failedAt }) =>
        received > 0 || leftPlanAt !== undefined || failedAt !== undefined,
    )
    .toSorted((a, b) => a.lastedAtFirst - b.lastedAtFirst);
  const rows = concerned.map((one) => [
    one.name,
    ...[one.lastedAtFirst, one.leastHours].map((value) => value.toFixed(1)),
    String(one.intensiveBeds),
    ...[one.leftPlanAt, one.returnedAt].map(hourOf),
    String(one.received),
    hourOf(one.failedAt),
  ]);
  const left = hospitals.filter(({ leftPlanAt }) => leftPlanAt !== undefined);
  const back = left.filter((one) => !isOutOfPlan(one));
  const failed = hospitals.filter(({ failedAt }) => failedAt !== undefined);
  const litres = hospitals.reduce((sum, { received }) => sum + received, 0);
  const heading = [
    'Hospital',
    'fuel h',
    'least h',
    'ICU beds',
    'left plan',
    'returned',
    'litres',
    'failed',
  ];
  return [
    ...alignedColumns([heading, ...rows]),
    'Hours are those since the grid failed; fuel h: how long the fuel lasted then, least h: the least that was left.',
    `Beds of intensive care: ${bedsOf(left)} left the plan in ${left.length} hospitals, ${bedsOf(back)} returned in ${back.length}. Fuel: ${litres} l delivered.`,
    `${finished ? 'Done' : 'Stopped'}: ${hospitals.length} hospitals without the grid for ${hours} h, ${failed.length} failed before help${failed.length > 0 ? ` (${bedsOf(failed)} beds of intensive care)` : ''}.`,
  ].join('\n');
}

function bedsOf(hospitals: readonly Hospital[]): number {
  return hospitals.reduce((sum, { intensiveBeds }) => sum + intensiveBeds, 0);
}

function hourOf(hour: number | undefined): string {
  return hour === undefined ? '-' : `${Math.round(hour * 10) / 10}`;
}
