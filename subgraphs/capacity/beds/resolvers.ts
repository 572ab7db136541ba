import { asHeavyRead, fieldsOf } from '../../../shared/database/index.js';
import { throwIfFault } from '../../../shared/errors/index.js';
import { tooManyFault } from '../../../shared/validation/rules.js';
import { type Caller, forbidden, may, permit } from '../../../shared/identity/index.js';
import { nodesOf, pageInfoOf, pageLength } from '../../../shared/lists/index.js';
import type { BedCategory, ReportCapacityInput, Resolvers } from '../generated/graphql.js';
import { unknownFacility } from '../facilities/rules.js';
import { judgeReport, ruleThatChose } from './rules.js';
import { IN_FORCE } from './columns.js';
import type { BedStore, BedsInForce, Decide, ReportedBeds, ReportOutcome } from './store.js';

/** The most reports of one call. */
const MOST_REPORTS = 1_000;

export const bedResolvers: Resolvers = {
  Query: {
    disagreements: (_, { area, modelled, first, after }, { caller, bedSources }) => {
      permit(caller, 'facilities:read');
      const length = pageLength(first);
      return asHeavyRead(() => bedSources.disagreements(area, modelled ?? false, length, after));
    },
  },
  Mutation: {
    reportCapacity: async (_, { input }, context) => {
      const [outcome] = await report([input], context);
      if (outcome instanceof Error) throw outcome;
      return outcome!;
    },
    reportCapacities: async (_, { input: { reports } }, context) => {
      throwIfFault(tooManyFault('reports', reports.length, MOST_REPORTS));
      // An Error in a list becomes null there and an error with its position: the caller sees which report lacked the right.
      return { outcomes: (await report(reports, context)) as Exclude<ReportOutcome, Error>[] };
    },
  },
  Facility: {
    beds: async ({ id }, { category }, { beds }) => {
      const reported = await beds.of(id);
      return category == null ? reported : [bedsAmong(reported, id, category)];
    },
  },
  Beds: {
    id: ({ facilityId, category }) => `${facilityId}:${category}`,
    provenance: (beds) => (beds.source === null ? null : beds),
    sources: (beds, _, { bedSources }) => bedSources.of(beds),
    chosenBy: async (beds, _, { bedSources }) => {
      const sources = await bedSources.of(beds);
      const chosen = sources.find(({ inForce }) => inForce);
      return chosen ? ruleThatChose(chosen, sources) : null;
    },
  },
  Disagreement: {
    facility: ({ facilityId }) => ({ id: facilityId }),
    beds: async ({ facilityId, category }, _, { beds }) => {
      return bedsAmong(await beds.of(facilityId), facilityId, category);
    },
  },
  DisagreementConnection: {
    nodes: nodesOf,
    pageInfo: pageInfoOf,
  },
};

function report(
  reports: readonly ReportCapacityInput[],
  { caller, beds, now }: { caller: Caller; beds: BedStore; now: Date },
): Promise<ReportOutcome[]> {
  permit(caller, 'beds:report');
  const decide: Decide = (input, facility) => {
    if (!facility) return unknownFacility(input.facility);
    const { id, area } = facility;
    if (!may(caller, 'beds:report', { facility: id, area }))
      return forbidden(caller, 'beds:report');
    return judgeReport(input, now);
  };
  return beds.report(reports, decide);
}

/** Returns the beds of one category among those in force; NOT_REPORTED where there are none. */
function bedsAmong(
  reported: readonly ReportedBeds[],
  facilityId: string,
  category: BedCategory,
): BedsInForce {
  return (
    reported.find((beds) => beds.category === category) ?? {
      ...UNREPORTED,
      facilityId,
      category,
    }
  );
}

const UNREPORTED = {
  ...(Object.fromEntries(fieldsOf(IN_FORCE).map((field) => [field, null])) as Record<
    keyof typeof IN_FORCE,
    null
  >),
  reserved: 0,
  held: 0,
  free: null,
  overcommitted: null,
  stale: true,
  status: 'NOT_REPORTED' as const,
  limitations: [],
};
