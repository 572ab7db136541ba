import type {
  BedCategory,
  FacilityKind,
  Hazard,
  PlaceFilter,
  Urgency,
} from '../generated/graphql.js';
import { isOverwhelmed } from '../care-levels/rules.js';
import { closedFor, URGENCY_OF_INTAKE } from '../closures/rules.js';
import type { BedsFacts, House, CasualtyFacts, Question, Treated } from './rules/facts.js';
import {
  bedsFull,
  bedsStale,
  bedsUnknown,
  closedBy,
  closureSetAside,
  intakeFull,
  intakeUnknown,
  needsModelled,
  needsUnmet,
  overwhelmed,
  staleAccepted,
  underHazard,
  type Caution,
  type Reason,
} from './rules/reasons.js';

/**
 * Houses that are asked whether they have said anything or not. Others treat one field, by day only, or out of hours; they
 * are asked for what they say they have.
 */
const ACUTE_CARE: readonly FacilityKind[] = ['HOSPITAL', 'BUNDESWEHR_HOSPITAL', 'FIELD_CLINIC'];

/**
 * Minutes for which a number of beds is relied on while patients are steered under a hazard; under any other as long as its
 * report says. A mass casualty fills a house within minutes, so yesterday's number is worth nothing then (our policy; there
 * is no German norm).
 */
export const FRESH_MINUTES: Readonly<Partial<Record<Hazard, number>>> = {
  MASS_CASUALTY: 15,
  TERROR: 15,
};

/** Hazards that reach the house itself or the way to it. */
const AVOIDED: ReadonlySet<Hazard> = new Set(['FLOOD', 'CBRN', 'EVACUATION']);

/** One thing that is asked: beds of a category, an intake, or with neither just the house. */
export interface Asked {
  category: BedCategory | null;
  intake: Treated | null;
  urgency: Urgency;
}

/** What a house has of one thing that is asked: usable while no reason stands against it. */
export interface Offer {
  asked: Asked;
  beds: BedsFacts | null;
  casualties: CasualtyFacts | null;
  /** By the limit of the question's hazard. */
  stale: boolean;
  reasons: Reason[];
  cautions: Caution[];
}

/** A house that was asked: usable when nothing stands against it. */
export interface Judged<H extends House> {
  house: H;
  offers: Offer[];
  reasons: Reason[];
  /** What is to be known of the house as a whole. */
  cautions: Caution[];
}

/** What is wrong with the intake asked for, as a sentence for the caller; undefined when nothing is. */
export function faultInIntake(intake: PlaceFilter['intake']): string | undefined {
  if (!intake?.includes('EX')) return undefined;
  return 'intake names Sichtungskategorien of patients who are treated; EX came. The dead are taken to no place of treatment: leave EX out.';
}

/** What a filter without fault asks. */
export function questionOf(filter: PlaceFilter): Question {
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
 * Judges every house that the question concerns, in the order given. Fit comes before distance: whoever does not meet a
 * need is left out however near it lies (TraumaNetzwerk DGU).
 *
 * A closure (Abmeldung) steers ambulances and exempts nobody from treating. So where no house of all can take patients of
 * the highest urgency, those whose only obstacle is a closure can, and say so.
 */
export function judge<H extends House>(
  houses: readonly H[],
  question: Question,
  now: Date,
): Judged<H>[] {
  const asked = askedOf(question);
  const heard = houses
    .filter((house) => isAsked(house, question))
    .map((house) => ({
      house,
      against: againstHouse(house, question),
      offers: asked.map((one) => offerOf(house, one, question, now)),
    }));
  const withoutAlternative = asked.map(
    ({ urgency }, n) =>
      urgency === 'IMMEDIATE' &&
      !heard.some(({ against, offers }) => !against.length && isUsable(offers[n]!)),
  );
  return heard.map(({ house, against, offers }) => {
    const settled = offers.map((offer, n) =>
      withoutAlternative[n] && !against.length ? withClosuresSetAside(offer) : offer,
    );
    return {
      house,
      offers: settled,
      reasons: reasonsOf(against, settled),
      cautions: cautionsAbout(house, question),
    };
  });
}

export function isUsable({ reasons }: { reasons: readonly Reason[] }): boolean {
  return reasons.length === 0;
}

/** How many patients can be taken by it now. */
export function usableOf({ beds, casualties, reasons }: Offer): number {
  if (reasons.length) return 0;
  return beds ? (beds.free ?? 0) : casualties ? leftOf(casualties) : 0;
}

/** What is left of an intake; its limit for those who may not know how much of it is taken. */
export function leftOf({ free, limit }: CasualtyFacts): number {
  return free ?? limit;
}

/** What is to be known of the places that are usable: first what is modelled. */
export function cautionsOf({ offers, cautions }: Judged<House>): Caution[] {
  const usable = offers.filter(isUsable);
  return usable.length > 0 ? [...cautions, ...usable.flatMap((offer) => offer.cautions)] : [];
}

/** A helipad is on the map, whatever was declared. */
function cautionsAbout({ capabilities, isModelled }: House, { needs }: Question): Caution[] {
  const modelled = needs.filter((need) => need !== 'HELIPAD' && capabilities.includes(need));
  return isModelled && modelled.length > 0 ? [needsModelled(modelled)] : [];
}

function askedOf({ categories, intake, urgency }: Question): Asked[] {
  const asked: Asked[] = [
    ...categories.map((category) => ({ category, intake: null, urgency })),
    ...intake.map((one) => ({
      category: null,
      intake: one,
      urgency: URGENCY_OF_INTAKE[one] ?? urgency,
    })),
  ];
  return asked.length ? asked : [{ category: null, intake: null, urgency }];
}

/** Nobody can be driven to a placeholder: it stands for the beds of a Kreis, not for a house. */
function isAsked({ kind, beds, intake }: House, question: Question): boolean {
  if (kind === 'PLACEHOLDER') return false;
  return (
    ACUTE_CARE.includes(kind) ||
    beds.some(({ category }) => question.categories.includes(category)) ||
    intake.some(({ category }) => question.intake.some((asked) => asked === category))
  );
}

/** What stands against a house as a whole, whatever it has. */
export function againstHouse(
  house: Pick<House, 'capabilities' | 'careLevel' | 'phases'>,
  { needs, hazard }: Pick<Question, 'needs' | 'hazard'>,
): Reason[] {
  const unmet = needs.filter((need) => !house.capabilities.includes(need));
  const threats = house.phases.filter(
    (phase) => AVOIDED.has(phase.hazard) && phase.hazard !== hazard,
  );
  return [
    ...(unmet.length ? [needsUnmet(unmet)] : []),
    ...(isOverwhelmed({ level: house.careLevel }) ? [overwhelmed()] : []),
    ...threats.map(underHazard),
  ];
}

function offerOf(house: House, asked: Asked, question: Question, now: Date): Offer {
  const closed = closuresAgainst(house, asked, question);
  if (asked.category) return bedsOf(house, asked.category, asked, closed, question, now);
  if (asked.intake) return intakeOf(house, asked.intake, asked, closed);
  return { asked, beds: null, casualties: null, stale: false, reasons: closed, cautions: [] };
}

function closuresAgainst({ closures }: House, asked: Asked, { needs }: Question): Reason[] {
  // Most houses have none, and all of Germany is asked at once.
  if (closures.length === 0) return [];
  const { category, intake, urgency } = asked;
  const arriving = { ...(category && { category }), ...(intake && { intake }), urgency, needs };
  return closedFor(closures, arriving).map(closedBy);
}

function bedsOf(
  house: House,
  category: BedCategory,
  asked: Asked,
  closed: Reason[],
  { hazard, acceptStale }: Question,
  now: Date,
): Offer {
  const beds = house.beds.find((one) => one.category === category) ?? null;
  if (!beds) {
    const reasons = [...closed, bedsUnknown(category)];
    return { asked, beds, casualties: null, stale: true, reasons, cautions: [] };
  }
  const minutes = hazard === null ? undefined : FRESH_MINUTES[hazard];
  const stale =
    beds.stale || (minutes !== undefined && minutesSince(beds.observedAt, now) >= minutes);
  const isFull = beds.free === 0 || beds.status === 'UNAVAILABLE';
  const reasons = [
    ...closed,
    ...(stale && !acceptStale ? [bedsStale(beds, hazard, minutes)] : []),
    ...(isFull ? [bedsFull(beds)] : []),
    ...(!isFull && beds.free === null ? [bedsUnknown(category)] : []),
  ];
  const cautions = stale ? [staleAccepted(beds)] : [];
  return { asked, beds, casualties: null, stale, reasons, cautions };
}

function intakeOf(house: House, intake: Treated, asked: Asked, closed: Reason[]): Offer {
  const casualties = house.intake.find(({ category }) => category === intake) ?? null;
  const reasons = [...closed];
  if (!casualties) reasons.push(intakeUnknown(intake));
  else if (leftOf(casualties) === 0) reasons.push(intakeFull(casualties));
  return { asked, beds: null, casualties, stale: false, reasons, cautions: [] };
}

/** Leaves an offer as it is against which more than closures stands. */
function withClosuresSetAside(offer: Offer): Offer {
  const { asked, reasons, cautions } = offer;
  if (!reasons.every(({ closure }) => closure)) return offer;
  const aside = reasons.flatMap(({ closure }) => closure ?? []);
  return {
    ...offer,
    reasons: [],
    cautions: [...aside.map((closure) => closureSetAside(closure, asked)), ...cautions],
  };
}

/** All that stands against a house, a closure once however much of what is asked it closes; nothing where an offer is usable. */
function reasonsOf(against: readonly Reason[], offers: readonly Offer[]): Reason[] {
  if (!against.length && offers.some(isUsable)) return [];
  const named = new Set<string>();
  return [...against, ...offers.flatMap(({ reasons }) => reasons)].filter(
    ({ closure }) => !closure || (!named.has(closure.id) && named.add(closure.id)),
  );
}

function minutesSince(instant: Date, now: Date): number {
  return (now.getTime() - instant.getTime()) / 60_000;
}
