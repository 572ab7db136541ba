import { compare } from './classes.js';
import type { Casualty, CandidateFacility, SteeringInput } from './input.js';

/** Writes all that a plan depends on as one text: equal for equal inputs, whatever the order of their lists. */
export function canonical(input: SteeringInput): string {
  const { scenes, casualties, facilities, without, radiusKm, wave, flights, parameters } = input;
  return JSON.stringify([
    byId(scenes).map(({ id, position, nearest }) => [
      id,
      position.latitude,
      position.longitude,
      nearest,
    ]),
    byId(casualties).map(casualtyOf),
    byId(facilities).map(facilityOf),
    [...new Set(without)].sort(compare),
    [radiusKm, wave, flights],
    Object.entries(parameters).sort(([a], [b]) => compare(a, b)),
  ]);
}

/** Fields that are not named here have no part in the plan. */
function casualtyOf(casualty: Casualty): unknown {
  const { id, scene, category, transportPriority, needs, ventilated } = casualty;
  const { physicianEscort, triagedAt, facilityRefused } = casualty;
  return [
    id,
    scene,
    category,
    transportPriority,
    words(needs),
    ventilated,
    physicianEscort,
    triagedAt,
    facilityRefused,
  ];
}

function facilityOf(facility: CandidateFacility): unknown {
  const { id, kind, position, isTraumaCentre, helipad, capabilities, reasons } = facility;
  const { intake, closures, sent } = facility;
  return [
    id,
    kind,
    position.latitude,
    position.longitude,
    isTraumaCentre,
    helipad,
    words(capabilities),
    words(reasons),
    intake
      .map((one) => [one.category, one.free, one.limit, words(one.reasons), one.method])
      .sort(byText),
    closures.map((one) => [words(one.needs), words(one.categories)]).sort(byText),
    Object.entries(sent).sort(byText),
    // Only where they are set, so that the plans of before keep their text.
    ...(facility.childrenOnly ? ['childrenOnly'] : []),
    ...(facility.capabilitiesModelled ? ['capabilitiesModelled'] : []),
    ...(facility.arriveWithinMinutes ? [['arriveWithin', facility.arriveWithinMinutes]] : []),
  ];
}

function byId<T extends { id: string }>(list: readonly T[]): T[] {
  return [...list].sort((a, b) => compare(a.id, b.id));
}

function words(list: readonly string[]): string[] {
  return [...new Set(list)].sort(compare);
}

function byText(a: unknown, b: unknown): number {
  return compare(JSON.stringify(a), JSON.stringify(b));
}
