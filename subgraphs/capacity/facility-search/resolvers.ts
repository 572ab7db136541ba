import { asHeavyRead } from '../../../shared/database/work.js';
import { callersFault } from '../../../shared/errors/callers-fault.js';
import { permit } from '../../../shared/identity/caller.js';
import { seesIntake, type CasualtyVisibility } from '../access/casualty-visibility.js';
import { faultIn, isWide, LONGEST_PAGE } from '../facilities/rules.js';
import type { PlaceFilter, Resolvers } from '../generated/graphql.js';
import { strictest } from '../phases/rules.js';
import { pageInfoOf, pageOf, type SearchResult } from './page.js';
import { cautionsOf, faultInIntake, isUsable, usableOf, type Offer } from './rules.js';
import type { JudgedFacility } from './store.js';

const ofFacility = {
  facility: ({ facility }: JudgedFacility) => facility,
  kilometres: ({ facility }: JudgedFacility) => facility.kilometres,
  phase: ({ facility }: JudgedFacility) => strictest(facility.phases),
  hazards: ({ facility }: JudgedFacility) => [
    ...new Set(facility.phases.map(({ hazard }) => hazard)),
  ],
};

export const facilitySearchResolvers: Resolvers = {
  Query: {
    places: async (
      _,
      { filter, first, after },
      { caller, facilitySearch },
    ): Promise<SearchResult> => {
      permit(caller, 'facilities:read');
      const length = lengthOf(first, filter);
      const request = filter ?? {};
      const judged = isWide(request)
        ? await asHeavyRead(() => facilitySearch.judged(request))
        : await facilitySearch.judged(request);
      const order = filter?.near ? 'distance' : 'age';
      return {
        usable: pageOf(judged.filter(isUsable), { order, first: length, after }),
        leftOut: judged.filter((one) => !isUsable(one)),
        order,
      };
    },
  },
  PlaceConnection: {
    edges: ({ usable }) => usable.edges,
    nodes: ({ usable }) => usable.edges.map(({ node }) => node),
    pageInfo: ({ usable }) => pageInfoOf(usable),
    totalCount: ({ usable }) => usable.totalCount,
    leftOut: ({ leftOut, order }, { first, after }) =>
      pageOf(leftOut, { order, first: lengthOf(first, null), after }),
  },
  LeftOutConnection: {
    nodes: ({ edges }) => edges.map(({ node }) => node),
    pageInfo: pageInfoOf,
  },
  Place: {
    ...ofFacility,
    beds: ({ offers }) => offers.flatMap(bedsOf),
    intake: (judged, _, context) =>
      judged.offers.flatMap((offer) => intakeOf(offer, judged, context)),
    cautions: cautionsOf,
  },
  LeftOut: ofFacility,
};

function bedsOf(offer: Offer) {
  const { request, beds, stale, reasons } = offer;
  if (!request.category) return [];
  return [
    {
      category: request.category,
      usable: usableOf(offer),
      free: beds?.free ?? null,
      stale,
      provenance: beds,
      reasons,
    },
  ];
}

function intakeOf(
  offer: Offer,
  { facility }: JudgedFacility,
  { visibility }: { visibility: CasualtyVisibility },
) {
  const { request, casualties, reasons } = offer;
  if (!request.intake) return [];
  const { limit, reserved, free, method } = casualties ?? NOTHING_DECLARED;
  const usable = seesIntake(visibility, facility.id) ? usableOf(offer) : null;
  return [{ category: request.intake, usable, limit, reserved, free, method, reasons }];
}

const NOTHING_DECLARED = { limit: null, reserved: null, free: null, method: null };

/** Throws for a page or a filter that makes no sense. */
function lengthOf(
  first: number | null | undefined,
  filter: PlaceFilter | null | undefined,
): number {
  const length = first ?? 50;
  if (length > LONGEST_PAGE) {
    throw callersFault(
      'TOO_MUCH',
      `A page has at most ${LONGEST_PAGE} entries; received ${length}.`,
    );
  }
  const fault = faultIn(filter, length) ?? faultInIntake(filter?.intake);
  if (fault !== undefined) throw callersFault('BAD_USER_INPUT', fault);
  return length;
}
