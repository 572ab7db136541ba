import { kilometresOutside } from '../../../shared/areas/index.js';
import { throwIfFault } from '../../../shared/errors/index.js';
import { permit } from '../../../shared/identity/index.js';
import { connectionResolvers, pageLength } from '../../../shared/lists/index.js';
import { type Change, watch } from '../../../shared/outbox/index.js';
import { regionOf } from '../capacity-client/rules.js';
import type { Resolvers } from '../generated/graphql.js';
import { isOfOrganisation } from './events.js';
import { judgeLocation, registrationFault } from './rules.js';

export const organisationResolvers: Resolvers = {
  Query: {
    organisation: async (_, { id }, { caller, organisations }) => {
      permit(caller, 'supply:read');
      return (await organisations.find(id)) ? { id } : null;
    },
    organisations: (_, { filter, first, after }, { caller, organisations }) => {
      permit(caller, 'supply:read');
      return organisations.page(filter ?? {}, pageLength(first), after);
    },
  },
  Mutation: {
    registerOrganisation: (_, { input }, { caller, organisations }) => {
      permit(caller, 'organisations:register');
      throwIfFault(registrationFault(input));
      const { area, position } = input;
      permit(caller, 'organisations:register', { area });
      // The schema refuses areas that do not exist.
      const refusal = judgeLocation(area, kilometresOutside(area, position) ?? 0);
      return refusal ?? organisations.register(input, caller);
    },
  },
  Subscription: {
    organisationChanged: {
      subscribe: (_, { area, after }, context) => {
        permit(context.caller, 'supply:read');
        return watch(context, {
          after,
          readAhead: (page, ids) => page.organisations.readAhead(ids),
          matches: (event) => isOfOrganisation(event) && event.area.startsWith(area ?? ''),
        });
      },
      resolve: (change: Change) => change,
    },
  },
  OrganisationChange: {
    organisation: async ({ entity }, _, { organisations }) =>
      entity !== null && (await organisations.find(entity)) ? { id: entity } : null,
  },
  Organisation: {
    __resolveReference: async ({ id }, { caller, organisations }) => {
      permit(caller, 'supply:read');
      return (await organisations.find(id)) ? { id } : null;
    },
    kind: async (ref, _, { organisations }) => (await organisations.get(ref)).kind,
    name: async (ref, _, { organisations }) => (await organisations.get(ref)).name,
    area: async (ref, _, { organisations }) => (await organisations.get(ref)).area,
    region: async (ref, _, { organisations }) => regionOf((await organisations.get(ref)).area),
    position: async (ref, _, { organisations }) => {
      const { latitude, longitude } = await organisations.get(ref);
      return { latitude, longitude };
    },
    registeredAt: async (ref, _, { organisations }) => (await organisations.get(ref)).registeredAt,
  },
  OrganisationConnection: connectionResolvers,
};
