import { noneWithId, type WithTypename } from '../../../../shared/validation/rules.js';
import type {
  ExpiredSupply,
  OfferSupplyInput,
  TooManySupplyOffers,
  UnknownSupplyOffer,
} from '../../generated/graphql.js';
import { positiveFault } from '../../items/rules.js';
import { openOf } from '../ledger/rules.js';

/** Returns the fault of an offer, as a sentence for the caller; undefined if it has none. */
export function offerFault(input: OfferSupplyInput): string | undefined {
  return holderFault(input) ?? positiveFault('quantity', input.quantity);
}

/** Returns the fault in who holds something: exactly one of an organisation and a facility. */
export function holderFault({
  organisation,
  facility,
}: Pick<OfferSupplyInput, 'organisation' | 'facility'>): string | undefined {
  if ((organisation == null) !== (facility == null)) return undefined;
  return `Exactly one of organisation and facility is given; received ${organisation == null ? 'none' : 'both'}.`;
}

/** Refuses what has expired before it could be used; undefined for what does not expire or lasts longer. */
export function refusalIfExpired(
  usableUntil: Date | null | undefined,
  from: Date,
): WithTypename<ExpiredSupply> | undefined {
  if (usableUntil == null || usableUntil > from) return undefined;
  return {
    __typename: 'ExpiredSupply',
    message: `It expires at ${usableUntil.toISOString()}; expected after ${from.toISOString()}, when it can be used at the earliest. Offer what lasts longer.`,
    lastUsableAt: usableUntil,
  };
}

/** The most offers of one item that a holder has standing: one for each batch, with room to spare. */
const MOST_STANDING = 20;

/** Refuses an offer where the holder has the most standing already; undefined while there is room. */
export function refusalIfTooMany(standing: number): WithTypename<TooManySupplyOffers> | undefined {
  if (standing < MOST_STANDING) return undefined;
  return {
    __typename: 'TooManySupplyOffers',
    message: `A holder has at most ${MOST_STANDING} offers of an item of which something is left; there are ${standing}. Withdraw some, and offer their sum.`,
    mostOffers: MOST_STANDING,
  };
}

export function unknownOffer(id: string): WithTypename<UnknownSupplyOffer> {
  return noneWithId('supplyOffer', id, '`supplyOffers`');
}

/** Returns how much of an offer can still be committed. */
export function leftOf(
  {
    quantity,
    committed,
    until,
    withdrawnAt,
  }: { quantity: number; committed: number; until: Date; withdrawnAt: Date | null },
  now: Date,
): number {
  if (withdrawnAt !== null || until <= now) return 0;
  return openOf({ requested: quantity, committed });
}

/** A line that an offer may serve. */
export interface Candidate {
  open: number;
  area: string;
  neededUntil: Date;
  requestedAt: Date;
}

/**
 * Orders lines by how well an offer fits (BV17): those that it covers whole come first; then those needed sooner; then those of the
 * holder's Kreis, of its Land, and all others; then the older request. Lines needed before the offer is available are left out.
 */
export function matchesOf<Line extends Candidate>(
  offer: { left: number; availableFrom: Date; area: string },
  lines: readonly Line[],
): (Line & { covers: number; isWhole: boolean })[] {
  if (offer.left <= 0) return [];
  return lines
    .filter(({ open, neededUntil }) => open > 0 && neededUntil > offer.availableFrom)
    .map((line) => ({
      ...line,
      covers: Math.min(offer.left, line.open),
      isWhole: line.open <= offer.left,
    }))
    .sort(
      (a, b) =>
        Number(b.isWhole) - Number(a.isWhole) ||
        a.neededUntil.getTime() - b.neededUntil.getTime() ||
        nearness(b.area, offer.area) - nearness(a.area, offer.area) ||
        a.requestedAt.getTime() - b.requestedAt.getTime(),
    );
}

/** An offer that may serve a line. */
interface ProposedOffer {
  left: number;
  area: string;
  availableFrom: Date;
  offeredAt: Date;
}

/** An offer as its requester sees it. */
export interface Proposal {
  organisationId: string | null;
  facilityId: string | null;
  area: string;
  covers: number;
  isWhole: boolean;
  availableFrom: Date;
  until: Date;
  usableUntil: Date | null;
  isAddressed: boolean;
}

/**
 * Orders offers by how well they fit a line: those that cover it whole come first; then those available sooner; then those from the
 * Kreis of the request, from its Land, and all others; then the older offer. Offers available too late are left out.
 */
export function proposalsOf<Offer extends ProposedOffer>(
  line: { open: number; area: string; neededUntil: Date },
  offers: readonly Offer[],
): (Offer & { covers: number; isWhole: boolean })[] {
  if (line.open <= 0) return [];
  return offers
    .filter(({ left, availableFrom }) => left > 0 && availableFrom < line.neededUntil)
    .map((offer) => ({
      ...offer,
      covers: Math.min(offer.left, line.open),
      isWhole: line.open <= offer.left,
    }))
    .sort(
      (a, b) =>
        Number(b.isWhole) - Number(a.isWhole) ||
        a.availableFrom.getTime() - b.availableFrom.getTime() ||
        nearness(b.area, line.area) - nearness(a.area, line.area) ||
        a.offeredAt.getTime() - b.offeredAt.getTime(),
    );
}

/** The most offers of one holder that are proposed for a line. */
const MOST_OF_HOLDER = 3;

/** Keeps the first offers of each holder, in the order given, so that nobody's fill the whole list. */
export function firstOfEachHolder<
  Offer extends { organisationId: string | null; facilityId: string | null },
>(offers: readonly Offer[]): Offer[] {
  const counts = new Map<string, number>();
  return offers.filter(({ organisationId, facilityId }) => {
    const holder = (organisationId ?? facilityId)!;
    const count = (counts.get(holder) ?? 0) + 1;
    counts.set(holder, count);
    return count <= MOST_OF_HOLDER;
  });
}

/** 2 in the same Kreis, 1 in the same Land, 0 elsewhere. */
function nearness(area: string, other: string): number {
  if (area === other) return 2;
  return area.slice(0, 2) === other.slice(0, 2) ? 1 : 0;
}
