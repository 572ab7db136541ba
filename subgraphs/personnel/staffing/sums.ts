import type { Phase } from '../generated/graphql.js';
import type { StaffGroup } from '../generated/prisma/client.js';
import type { Detail } from './access.js';
import { hiddenShare, type Share, shareInSteps, shareOfArea } from './rules/disclosure.js';

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
  /** How many of those withdrawable only the Bundeswehr takes. */
  confidential: number;
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
  isExact: boolean;
  modelled: number;
  unconfirmed: number | null;
}

type VisibleDetail = Exclude<Detail, 'NONE'>;

/** Returns how many of a facility's staff are effective in the phase, as the caller sees it. */
export function visiblyEffective(row: StaffRow, detail: VisibleDetail): number {
  return detail === 'EXACT' ? row.effective : row.everyday - openlyWithdrawn(row).shown;
}

/** Returns the numbers of a facility, with what the caller sees of them. */
export function numbersOf(
  rows: readonly StaffRow[],
  phase: Phase,
  detail: VisibleDetail,
): VisibleNumbers[] {
  const isExact = detail === 'EXACT';
  return rows.map((row) => ({
    group: row.group,
    rostered: row.rostered,
    effective: visiblyEffective(row, detail),
    isExact: isExact || isEveryday(phase),
    modelled: row.modelled,
    doublyCommitted: isExact ? row.doublyCommitted : null,
    withdrawable: isExact ? row.withdrawable : null,
    // It would reveal to a facility that another registrant knows its people.
    unconfirmed: null,
  }));
}

/** Returns sums by group over the facilities of a region that consists of areas (AGS prefixes). */
export function sumsOf(
  rows: readonly StaffRow[],
  phase: Phase,
  areas: readonly string[],
): VisibleNumbers[] {
  const groups = [...grouped(rows, ({ group }) => group)].sort(([a], [b]) => (a < b ? -1 : 1));
  return groups.map(([group, own]) => {
    const shownOf = (share: (row: StaffRow) => Share) => shownIn(own, areas, share);
    const withdrawn = shownOf(openlyWithdrawn) + shownOf(confidentiallyWithdrawn);
    return {
      group,
      rostered: sum(own, ({ rostered }) => rostered),
      effective: sum(own, ({ everyday }) => everyday) - withdrawn,
      isExact: isEveryday(phase),
      modelled: sum(own, ({ modelled }) => modelled),
      withdrawable: withdrawn || null,
      doublyCommitted:
        shownOf(({ doublyCommitted, rostered }) => hiddenShare(doublyCommitted, rostered)) || null,
      unconfirmed:
        shownOf(({ unconfirmed, rostered }) => hiddenShare(unconfirmed, rostered)) || null,
    };
  });
}

function isEveryday(phase: Phase): boolean {
  return phase === 'EVERYDAY';
}

function openlyWithdrawn({ withdrawable, confidential, everyday }: StaffRow): Share {
  return shareInSteps(withdrawable - confidential, everyday);
}

/** People whom only the Bundeswehr takes are never given per facility. */
function confidentiallyWithdrawn(row: StaffRow): Share {
  return hiddenShare(row.confidential, row.everyday - openlyWithdrawn(row).shown);
}

/** Digits of the AGS of Land, Regierungsbezirk and Kreis. */
const DIGITS = [2, 3, 5];

/** A region of several areas, a Kleeblatt, shows the sum of what they show. */
function shownIn(
  rows: readonly StaffRow[],
  areas: readonly string[],
  share: (row: StaffRow) => Share,
): number {
  return sum(areas, (area) => {
    const inside = rows.filter((row) => row.area.startsWith(area));
    return shareIn(
      inside,
      DIGITS.filter((digits) => digits > area.length),
      share,
    ).shown;
  });
}

/** The share of an area is that of its parts, which are shown themselves: of Germany the Länder, and so on to the facilities. */
function shareIn(
  rows: readonly StaffRow[],
  [digits, ...smaller]: readonly number[],
  share: (row: StaffRow) => Share,
): Share {
  if (digits === undefined) return shareOfArea(rows.map(share));
  const parts = grouped(rows, ({ area }) => area.slice(0, digits));
  return shareOfArea([...parts.values()].map((part) => shareIn(part, smaller, share)));
}

function grouped<Key>(
  rows: readonly StaffRow[],
  keyOf: (row: StaffRow) => Key,
): Map<Key, StaffRow[]> {
  const groups = new Map<Key, StaffRow[]>();
  for (const row of rows) {
    const known = groups.get(keyOf(row));
    if (known) known.push(row);
    else groups.set(keyOf(row), [row]);
  }
  return groups;
}

function sum<One>(all: readonly One[], number: (one: One) => number): number {
  return all.reduce((total, one) => total + number(one), 0);
}
