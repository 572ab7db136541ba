import { permit } from '../../../shared/identity/caller.js';
import type { BedCategory, Resolvers } from '../generated/graphql.js';
import type { RegionSum } from './store.js';

export const regionResolvers: Resolvers = {
  Query: {
    region: (_, { code }, { caller, regions }) => {
      permit(caller, 'regions:read');
      return regions.find(code);
    },
    regions: (_, { level }, { caller, regions }) => {
      permit(caller, 'regions:read');
      return regions.ofLevel(level);
    },
  },
  Region: {
    __resolveReference: ({ code }, { caller, regions }) => {
      permit(caller, 'regions:read');
      return regions.find(code);
    },
    beds: async (region, { category }, { regions }) => {
      const sums = await regions.beds(region);
      if (category == null) return sums;
      return [sums.find((sum) => sum.category === category) ?? nobodyHas(category)];
    },
  },
};

function nobodyHas(category: BedCategory): RegionSum {
  return {
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
