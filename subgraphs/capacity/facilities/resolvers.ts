import { asHeavyRead } from '../../../shared/database/index.js';
import { throwIfFault } from '../../../shared/errors/index.js';
import { permit } from '../../../shared/identity/index.js';
import { connectionResolvers, pageLength } from '../../../shared/lists/index.js';
import type { Resolvers } from '../generated/graphql.js';
import { faultIn } from './rules.js';

/** As many as a bulk has entries. */
const MOST_REFERENCES = 1_000;

export const facilityResolvers: Resolvers = {
  Query: {
    facility: async (_, { id }, { caller, facilities }) => {
      permit(caller, 'facilities:read');
      return (await facilities.find(id)) ?? null;
    },
    referencedFacilities: async (_, { references }, { caller, facilities }) => {
      permit(caller, 'facilities:read');
      const ids = await facilities.idsOf(references.slice(0, MOST_REFERENCES));
      return [...ids].map(([reference, named]) => ({
        reference,
        facilities: named.map((id) => ({ id })),
      }));
    },
    facilities: async (_, { filter, first, after }, { caller, facilities }) => {
      permit(caller, 'facilities:read');
      const length = pageLength(first);
      throwIfFault(faultIn(filter));
      const criteria = filter ?? {};
      // Free beds are worked out for every facility before any is left out.
      return criteria.minFree != null || criteria.category != null
        ? asHeavyRead(() => facilities.page(criteria, length, after))
        : facilities.page(criteria, length, after);
    },
  },
  Facility: {
    __resolveReference: async ({ id }, { caller, facilities }) => {
      permit(caller, 'facilities:read');
      return (await facilities.find(id)) ?? null;
    },
    siteNumber: async (ref, _, { facilities }) => (await facilities.get(ref)).siteNumber,
    ik: async (ref, _, { facilities }) => (await facilities.get(ref)).ik,
    name: async (ref, _, { facilities }) => (await facilities.get(ref)).name,
    kind: async (ref, _, { facilities }) => (await facilities.get(ref)).kind,
    area: async (ref, _, { facilities }) => (await facilities.get(ref)).area,
    region: async (ref, _, { caller, facilities, regions }) => {
      permit(caller, 'regions:read');
      return regions.ofArea((await facilities.get(ref)).area);
    },
    kleeblatt: async (ref, _, { facilities }) => (await facilities.get(ref)).kleeblatt,
    position: async (ref, _, { facilities }) => {
      const { latitude, longitude } = await facilities.get(ref);
      return { latitude, longitude };
    },
    address: async (ref, _, { facilities }) => {
      const { street, postcode, city } = await facilities.get(ref);
      return street === null || postcode === null || city === null
        ? null
        : { street, postcode, city };
    },
  },
  FacilityConnection: connectionResolvers,
};
