import { HOUR_MS } from '../../../../shared/time/rules.js';
import { modelledBeds, type ModelledFacility } from '../../facilities/rules.js';
import type { Lifeline, LifelineKind } from '../../generated/prisma/client.js';
import { LITRES_PER_MINUTE } from './oxygen.js';

/** Lifelines that only acute hospitals have. */
const OF_ACUTE_CARE: ReadonlySet<LifelineKind> = new Set([
  'LIQUID_OXYGEN',
  'BOTTLED_OXYGEN',
  'COMPRESSED_AIR',
  'BLOOD',
]);

/** How one lifeline of a facility is modelled. */
interface ModelledLifeline {
  kind: LifelineKind;
  /** Drawn in an hour. */
  load: number;
  /** For how many hours the full stock lasts. */
  hours: number;
  /** Hours between deliveries of what is drawn on every day; left out for what stands by. */
  renewEveryHours?: number;
}

/**
 * Returns the lifelines of a facility as they are modelled, by the number of its beds: no open source knows them. The grid is on, and
 * what is used every day is delivered in a rhythm that leaves two days over. Fuel lasts as hospitals said when they were surveyed (21 %
 * hours to a day, 59 % a few days, 21 % a week and more). A clinic that is no acute hospital has no oxygen tank, no compressed air and no
 * blood. The same facility always gets the same.
 */
export function modelledLifelines(facility: ModelledFacility): ModelledLifeline[] {
  const { intensive, all: beds, isAcute } = modelledBeds(facility);
  const oxygen =
    ((intensive * LITRES_PER_MINUTE.ICU_UNSPECIFIED + beds * LITRES_PER_MINUTE.NORMAL_WARD) * 60) /
    1_000;
  const lifelines: ModelledLifeline[] = [
    { kind: 'MAINS_POWER', load: beds, hours: 0 },
    {
      kind: 'GENERATOR_FUEL',
      load: 0.25 * beds,
      hours: fuelHours(shareOf(facility.facilityId)),
    },
    { kind: 'WATER', load: (0.4 * beds) / 24, hours: 12 },
    { kind: 'HEAT', load: 2 * beds, hours: 72 },
    { kind: 'FOOD', load: (3 * beds) / 24, hours: 96, renewEveryHours: 48 },
    { kind: 'LIQUID_OXYGEN', load: oxygen, hours: 14 * 24, renewEveryHours: 7 * 24 },
    { kind: 'BOTTLED_OXYGEN', load: oxygen, hours: 24 },
    { kind: 'COMPRESSED_AIR', load: 0.6 * intensive, hours: 4 },
    { kind: 'BLOOD', load: (0.023 * beds) / 24, hours: 7 * 24, renewEveryHours: 48 },
    { kind: 'IT', load: 0.1 * beds, hours: 1 },
    { kind: 'RADIO', load: 0.01 * beds, hours: 4 },
  ];
  return lifelines.filter(({ kind }) => isAcute || !OF_ACUTE_CARE.has(kind));
}

/** Returns a modelled lifeline as it is stored, before its hour of failure is computed. */
export function seededLifeline(
  id: string,
  facilityId: string,
  { kind, load, hours, renewEveryHours }: ModelledLifeline,
  now: Date,
): Lifeline {
  const full = kind === 'MAINS_POWER' ? null : rounded(load * hours);
  const perHour = rounded(load);
  const untilDelivery = renewEveryHours && Math.ceil(renewEveryHours * shareOf(facilityId));
  const drawn =
    renewEveryHours && untilDelivery !== undefined
      ? perHour * (renewEveryHours - untilDelivery)
      : 0;
  const supplied = renewEveryHours === undefined;
  return {
    id,
    facilityId,
    kind,
    stock: full,
    statedLoad: perHour,
    statedSupplied: supplied,
    source: 'Vierblatt model',
    method: 'MODELLED',
    observedAt: now,
    receivedAt: now,
    reportedBy: 'supply',
    believedLevel: null,
    believedAt: null,
    level: full === null ? null : Math.max(0, full - drawn),
    levelAt: now,
    load: perHour,
    loadMethod: 'MODELLED',
    listedAt: null,
    supplied,
    deliveryAt:
      untilDelivery === undefined ? null : new Date(now.getTime() + untilDelivery * HOUR_MS),
    deliveryQuantity: renewEveryHours === undefined ? null : rounded(perHour * renewEveryHours),
    renewEveryHours: renewEveryHours ?? null,
    moved: 0,
    unbookedRise: 0,
    baselineDemand: null,
    fellAt: null,
    risenAt: null,
    easedAt: null,
    contradictedUntil: null,
    failsAt: null,
    passedHours: null,
    nextCheckAt: null,
  };
}

/** Returns a number from above 0 to 1 that belongs to the facility, by the first digits of its id. */
function shareOf(facilityId: string): number {
  return (Number.parseInt(facilityId.replaceAll('-', '').slice(0, 6), 16) + 1) / 0x1000000;
}

function fuelHours(share: number): number {
  if (share <= 0.21) return 8 + (16 * share) / 0.21;
  if (share <= 0.79) return 24 + (72 * (share - 0.21)) / 0.58;
  return 168 + (72 * (share - 0.79)) / 0.21;
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
