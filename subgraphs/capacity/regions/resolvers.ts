import { callersFault } from '../../../shared/errors/index.js';
import { permit } from '../../../shared/identity/index.js';
import type { BedCategory, Resolvers } from '../generated/graphql.js';
import type { RegionSum } from './store.js';

export const regionResolvers: Resolvers = {
  Query: {
    region: (_, { code }, { caller, regions }) => {
      permit(caller, 'regions:read');
      return regions.find(code);
    },
    regions: async (_, { level, within }, { caller, regions }) => {
      permit(caller, 'regions:read');
      if (within == null) return regions.ofLevel(level);
      const whole = await regions.find(within);
      if (!whole) throw unknownRegion(within);
      return regions.ofLevelWithin(level, whole);
    },
  },
  Region: {
    __resolveReference: ({ code }, { caller, regions }) => {
      permit(caller, 'regions:read');
      return regions.find(code);
    },
    id: ({ code }) => code,
    parent: ({ parentCode }, _, { regions }) =>
      parentCode === null ? null : regions.find(parentCode),
    children: (region, _, { regions }) => regions.childrenOf(region),
    position: ({ latitude, longitude }) =>
      latitude === null || longitude === null ? null : { latitude, longitude },
    beds: async (region, { category }, { regions }) => {
      const sums = await regions.beds(region);
      if (category == null) return sums;
      return [sums.find((sum) => sum.category === category) ?? nobodyHas(region.code, category)];
    },
  },
  RegionBeds: {
    id: ({ code, category }) => `${code}:${category}`,
  },
};

function unknownRegion(within: string) {
  return callersFault(
    'BAD_USER_INPUT',
    `within is the code of a region: DE, the name of a Kleeblatt (WEST), or the AGS of a Land (05), Regierungsbezirk (053) or Kreis (05315); there is no ${JSON.stringify(within.slice(0, 20))}. Take a code from \`regions\`.`,
  );
}

function nobodyHas(code: string, category: BedCategory): RegionSum {
  return {
    code,
    category,
    operable: null,
    modelled: 0,
    occupied: null,
    reserved: 0,
    held: 0,
    free: null,
    facilities: 0,
    reporting: 0,
    stale: 0,
    statuses: (['AVAILABLE', 'LIMITED', 'UNAVAILABLE', 'NOT_REPORTED'] as const).map((status) => ({
      status,
      facilities: 0,
    })),
  };
}
