import { asHeavyRead } from '../../../shared/database/index.js';
import { throwIfFault } from '../../../shared/errors/index.js';
import { permit } from '../../../shared/identity/index.js';
import { seesIntake, type CasualtyVisibility } from '../access/index.js';
import { faultIn, isWide } from '../facilities/rules.js';
import { nodesOf, pageInfoOf, pageLength } from '../../../shared/lists/index.js';
import type { Resolvers } from '../generated/graphql.js';
import { strictest } from '../phases/rules.js';
import { judgedPageOf, type SearchResult } from './page.js';
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
      const length = pageLength(first);
      throwIfFault(faultIn(filter) ?? faultInIntake(filter?.intake));
      const request = filter ?? {};
      const judged = isWide(request)
        ? await asHeavyRead(() => facilitySearch.judged(request))
        : await facilitySearch.judged(request);
      const order = filter?.near ? 'distance' : 'age';
      return {
        usable: judgedPageOf(judged.filter(isUsable), { order, first: length, after }),
        leftOut: judged.filter((one) => !isUsable(one)),
        order,
      };
    },
  },
  PlaceConnection: {
    edges: ({ usable }) => usable.edges,
    nodes: ({ usable }) => nodesOf(usable),
    pageInfo: ({ usable }) => pageInfoOf(usable),
    totalCount: ({ usable }) => usable.totalCount,
    leftOut: ({ leftOut, order }, { first, after }) =>
      judgedPageOf(leftOut, { order, first: pageLength(first), after }),
  },
  LeftOutConnection: {
    nodes: nodesOf,
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
