import type { StaffGroup } from '../generated/prisma/client.js';
import { type Detail, FEWEST_SHOWN } from './access.js';

/** Numbers of one group of staff at a facility, as they are computed. */
export interface StaffRow {
  facility: string;
  /** AGS of the facility's Kreis. */
  area: string;
  group: StaffGroup;
  rostered: number;
  doublyCommitted: number;
  everyday: number;
  effective: number;
  withdrawable: number;
  modelled: number;
  /** People of whom several records exist and nobody has decided that they are of one person. */
  unconfirmed: number;
}

/** Numbers of one group as a caller receives them; null for what they may not see. */
export interface VisibleNumbers {
  group: StaffGroup;
  rostered: number;
  doublyCommitted: number | null;
  withdrawable: number | null;
  effective: number;
  modelled: number;
  unconfirmed: number | null;
}

/** Returns the numbers of a facility, with what the caller sees of them. */
export function numbersOf(
  rows: readonly StaffRow[],
  detail: Exclude<Detail, 'NONE'>,
): VisibleNumbers[] {
  return rows.map(({ group, rostered, effective, modelled, doublyCommitted, withdrawable }) => ({
    group,
    rostered,
    effective,
    modelled,
    doublyCommitted: detail === 'ALL' ? doublyCommitted : null,
    withdrawable: detail === 'ALL' ? withdrawable : null,
    // It would reveal to a facility that another registrant knows its people.
    unconfirmed: null,
  }));
}

/** Returns sums by group over facilities. A number of people bound elsewhere that is small is left out, 0 included. */
export function sumsOf(rows: readonly StaffRow[]): VisibleNumbers[] {
  const sums = new Map<StaffGroup, Omit<StaffRow, 'facility' | 'area'>>();
  for (const { facility: _, area: __, ...row } of rows) {
    const sum = sums.get(row.group);
    if (!sum) sums.set(row.group, row);
    else sums.set(row.group, added(sum, row));
  }
  return [...sums.values()]
    .sort((a, b) => (a.group < b.group ? -1 : 1))
    .map(({ doublyCommitted, withdrawable, unconfirmed, ...sum }) => ({
      group: sum.group,
      rostered: sum.rostered,
      effective: sum.effective,
      modelled: sum.modelled,
      doublyCommitted: shown(doublyCommitted),
      withdrawable: shown(withdrawable),
      unconfirmed: shown(unconfirmed),
    }));
}

type Sum = Omit<StaffRow, 'facility' | 'area'>;

function added(a: Sum, b: Sum): Sum {
  return {
    group: a.group,
    rostered: a.rostered + b.rostered,
    doublyCommitted: a.doublyCommitted + b.doublyCommitted,
    everyday: a.everyday + b.everyday,
    effective: a.effective + b.effective,
    withdrawable: a.withdrawable + b.withdrawable,
    modelled: a.modelled + b.modelled,
    unconfirmed: a.unconfirmed + b.unconfirmed,
  };
}

function shown(people: number): number | null {
  return people >= FEWEST_SHOWN ? people : null;
}
