import { MINUTE_MS } from '../../../shared/time/rules.js';
import type {
  BedCategory,
  FacilityKind,
  Hazard,
  PlaceFilter,
  Urgency,
} from '../generated/graphql.js';
import { isOverwhelmed } from '../care-levels/rules.js';
import { closedFor, URGENCY_OF_INTAKE } from '../closures/rules.js';
import { lastsForArrival } from '../sustainability/rules.js';
import type {
  BedsFacts,
  FacilityFacts,
  CasualtyFacts,
  SearchCriteria,
  TreatedCategory,
} from './rules/facts.js';
import {
  bedsFull,
  bedsStale,
  bedsUnknown,
  closedBy,
  closureSetAside,
  failureSetAside,
  intakeFull,
  intakeUnknown,
  needsModelled,
  needsUnmet,
  overwhelmed,
  staleAccepted,
  underHazard,
  unsustained,
  type Caution,
  type Reason,
} from './rules/reasons.js';

/**
 * Facilities that are considered whether they have reported anything or not. Others treat one field, by day only, or out of hours; they
 * are considered only for what they say they have.
 */
const ACUTE_CARE: readonly FacilityKind[] = ['HOSPITAL', 'BUNDESWEHR_HOSPITAL', 'FIELD_CLINIC'];

/**
 * Minutes for which a number of beds is relied on while patients are steered under a hazard; under any other as long as its
 * report says. A mass casualty fills a facility within minutes, so yesterday's number is worth nothing then (our policy; there
 * is no German norm).
 */
export const FRESH_MINUTES: Readonly<Partial<Record<Hazard, number>>> = {
  MASS_CASUALTY: 15,
  TERROR: 15,
};

/** Hazards that reach the facility itself or the way to it. */
const AVOIDED: ReadonlySet<Hazard> = new Set(['FLOOD', 'CBRN', 'EVACUATION']);

/** Minutes within which SK I reach a hospital (mSTaRT). */
const MINUTES_TO_ARRIVE = 60;

/** One thing that is requested: beds of a category, an intake, or with neither just the facility. */
export interface CareRequest {
  category: BedCategory | null;
  intake: TreatedCategory | null;
  urgency: Urgency;
}

/** The offer of a facility of one requested kind: usable while no reason stands against it. */
export interface Offer {
  request: CareRequest;
  beds: BedsFacts | null;
  casualties: CasualtyFacts | null;
  /** By the limit of the query's hazard. */
  stale: boolean;
  reasons: Reason[];
  cautions: Caution[];
}

/** A facility that was queried: usable when nothing stands against it. */
export interface Verdict<H extends FacilityFacts> {
  facility: H;
  offers: Offer[];
  reasons: Reason[];
  /** Cautions about the facility as a whole. */
  cautions: Caution[];
}

/** Returns the fault in the requested intake, as a sentence for the caller; undefined when there is none. */
export function faultInIntake(intake: PlaceFilter['intake']): string | undefined {
  if (!intake?.includes('EX')) return undefined;
  return 'intake names Sichtungskategorien of patients who are treated; received EX. The dead are transported to no facility: leave EX out.';
}

/** Returns the search of a filter without a fault. */
export function queryOf(filter: PlaceFilter): SearchCriteria {
  return {
    categories: [...new Set(filter.categories)],
    intake: [...new Set(filter.intake)].filter((category) => category !== 'EX'),
    needs: [...new Set(filter.needs)],
    hazard: filter.hazard ?? null,
    urgency: filter.urgency ?? 'IMMEDIATE',
    acceptStale: filter.acceptStale ?? false,
  };
}

/**
 * Judges every facility that the query concerns, in the order given. Fit comes before distance: a facility that does not meet a
 * need is left out however near it lies (TraumaNetzwerk DGU).
 *
 * A closure (Abmeldung) steers ambulances and exempts nobody from treating. So where no facility of all can take patients of
 * the highest urgency, those whose only obstacle is a closure can, and say so. The same holds for SK I where the only obstacle is
 * that a facility fails later than they can be treated there.
 */
export function judge<H extends FacilityFacts>(
  facilities: readonly H[],
  query: SearchCriteria,
  now: Date,
): Verdict<H>[] {
  const request = requestsOf(query);
  const considered = facilities
    .filter((facility) => isConsidered(facility, query))
    .map((facility) => ({
      facility,
      against: againstFacility(facility, query),
      offers: request.map((one) => offerOf(facility, one, query, now)),
    }));
  const withoutAlternative = request.map(
    ({ urgency }, n) =>
      urgency === 'IMMEDIATE' &&
      !considered.some(({ against, offers }) => !against.length && isUsable(offers[n]!)),
  );
  return considered.map(({ facility, against, offers }) => {
    const final = offers.map((offer, n) =>
      withoutAlternative[n] && !against.length
        ? withObstaclesSetAside(offer, facility, now)
        : offer,
    );
    return {
      facility,
      offers: final,
      reasons: reasonsOf(against, final),
      cautions: cautionsAbout(facility, query),
    };
  });
}

export function isUsable({ reasons }: { reasons: readonly Reason[] }): boolean {
  return reasons.length === 0;
}

/** How many patients it can admit now. */
export function usableOf({ beds, casualties, reasons }: Offer): number {
  if (reasons.length) return 0;
  return beds ? (beds.freeAhead ?? 0) : casualties ? leftOf(casualties) : 0;
}

/** Returns the rest of an intake; its limit for callers who may not know how much of it is occupied. */
export function leftOf({ free, limit }: CasualtyFacts): number {
  return free ?? limit;
}

/** Returns the cautions about the usable facilities: first that they are modelled. */
export function cautionsOf({ offers, cautions }: Verdict<FacilityFacts>): Caution[] {
  const usable = offers.filter(isUsable);
  return usable.length > 0 ? [...cautions, ...usable.flatMap((offer) => offer.cautions)] : [];
}

/** A helipad is on the map, whatever was declared. */
function cautionsAbout(
  { capabilities, isModelled }: FacilityFacts,
  { needs }: SearchCriteria,
): Caution[] {
  const modelled = needs.filter((need) => need !== 'HELIPAD' && capabilities.includes(need));
  return isModelled && modelled.length > 0 ? [needsModelled(modelled)] : [];
}

function requestsOf({ categories, intake, urgency }: SearchCriteria): CareRequest[] {
  const request: CareRequest[] = [
    ...categories.map((category) => ({ category, intake: null, urgency })),
    ...intake.map((one) => ({
      category: null,
      intake: one,
      urgency: URGENCY_OF_INTAKE[one] ?? urgency,
    })),
  ];
  return request.length ? request : [{ category: null, intake: null, urgency }];
}

/** Nobody can be driven to a placeholder: it stands for the beds of a Kreis, not for a facility. */
function isConsidered({ kind, beds, intake }: FacilityFacts, query: SearchCriteria): boolean {
  if (kind === 'PLACEHOLDER') return false;
  return (
    ACUTE_CARE.includes(kind) ||
    beds.some(({ category }) => query.categories.includes(category)) ||
    intake.some(({ category }) => query.intake.some((request) => request === category))
  );
}

/** Returns the reasons against a facility as a whole, whatever it has. */
export function againstFacility(
  facility: Pick<FacilityFacts, 'capabilities' | 'careLevel' | 'phases'>,
  { needs, hazard }: Pick<SearchCriteria, 'needs' | 'hazard'>,
): Reason[] {
  const unmet = needs.filter((need) => !facility.capabilities.includes(need));
  const threats = facility.phases.filter(
    (phase) => AVOIDED.has(phase.hazard) && phase.hazard !== hazard,
  );
  return [
    ...(unmet.length ? [needsUnmet(unmet)] : []),
    ...(isOverwhelmed({ level: facility.careLevel }) ? [overwhelmed()] : []),
    ...threats.map(underHazard),
  ];
}

function offerOf(
  facility: FacilityFacts,
  request: CareRequest,
  query: SearchCriteria,
  now: Date,
): Offer {
  const closed = closuresAgainst(facility, request, query);
  if (request.category) return bedsOf(facility, request.category, request, closed, query, now);
  if (request.intake) return intakeOf(facility, request.intake, request, closed);
  const reasons = [...closed, ...failureOf(facility, request)];
  return { request, beds: null, casualties: null, stale: false, reasons, cautions: [] };
}

function closuresAgainst(
  { closures }: FacilityFacts,
  request: CareRequest,
  { needs }: SearchCriteria,
): Reason[] {
  // Most facilities have none, and all of Germany is queried at once.
  if (closures.length === 0) return [];
  const { category, intake, urgency } = request;
  const arriving = { ...(category && { category }), ...(intake && { intake }), urgency, needs };
  return closedFor(closures, arriving).map(closedBy);
}

function bedsOf(
  facility: FacilityFacts,
  category: BedCategory,
  request: CareRequest,
  closed: Reason[],
  { hazard, acceptStale }: SearchCriteria,
  now: Date,
): Offer {
  const beds = facility.beds.find((one) => one.category === category) ?? null;
  if (!beds) {
    const reasons = [...closed, bedsUnknown(category)];
    return { request, beds, casualties: null, stale: true, reasons, cautions: [] };
  }
  const minutes = hazard === null ? undefined : FRESH_MINUTES[hazard];
  const stale =
    beds.stale || (minutes !== undefined && minutesSince(beds.observedAt, now) >= minutes);
  const isFull = (beds.free === 0 && !beds.isUnsustained) || beds.status === 'UNAVAILABLE';
  const reasons = [
    ...closed,
    ...(stale && !acceptStale ? [bedsStale(beds, hazard, minutes)] : []),
    ...(isFull ? [bedsFull(beds)] : []),
    ...(beds.isUnsustained ? [unsustained(request)] : []),
    ...(!isFull && beds.free === null ? [bedsUnknown(category)] : []),
  ];
  const cautions = stale ? [staleAccepted(beds)] : [];
  return { request, beds, casualties: null, stale, reasons, cautions };
}

function intakeOf(
  facility: FacilityFacts,
  intake: TreatedCategory,
  request: CareRequest,
  closed: Reason[],
): Offer {
  const casualties = facility.intake.find(({ category }) => category === intake) ?? null;
  const reasons = [...closed, ...failureOf(facility, request)];
  if (!casualties) reasons.push(intakeUnknown(intake));
  else if (leftOf(casualties) === 0) reasons.push(intakeFull(casualties));
  return { request, beds: null, casualties, stale: false, reasons, cautions: [] };
}

/** The facility takes no casualties while it is about to fail, whichever category of beds does. */
function failureOf({ failsAt }: FacilityFacts, request: CareRequest): Reason[] {
  return failsAt === null ? [] : [unsustained(request)];
}

/** Leaves an offer as it is against which more stands than closures, and for SK I a failure that is late enough. */
function withObstaclesSetAside(offer: Offer, { failsAt }: FacilityFacts, now: Date): Offer {
  const { request, reasons, cautions } = offer;
  const isLate =
    request.intake === 'SK_I' &&
    failsAt !== null &&
    lastsForArrival(failsAt, MINUTES_TO_ARRIVE, now);
  const isAside = ({ code, closure }: Reason) => closure || (isLate && code === 'NOT_SUSTAINABLE');
  if (!reasons.every(isAside)) return offer;
  const aside = reasons.map(({ closure }) =>
    closure ? closureSetAside(closure, request) : failureSetAside(request),
  );
  return { ...offer, reasons: [], cautions: [...aside, ...cautions] };
}

/** All that stands against a facility, a closure once however much of what is requested it closes; nothing where an offer is usable. */
function reasonsOf(against: readonly Reason[], offers: readonly Offer[]): Reason[] {
  if (!against.length && offers.some(isUsable)) return [];
  const named = new Set<string>();
  return [...against, ...offers.flatMap(({ reasons }) => reasons)].filter(
    ({ closure }) => !closure || (!named.has(closure.id) && named.add(closure.id)),
  );
}

function minutesSince(instant: Date, now: Date): number {
  return (now.getTime() - instant.getTime()) / MINUTE_MS;
}

export type { FacilityFacts } from './rules/facts.js';
