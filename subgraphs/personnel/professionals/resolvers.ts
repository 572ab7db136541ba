import { throwIfFault } from '../../../shared/errors/index.js';
import { tooManyFault } from '../../../shared/validation/rules.js';
import { permit } from '../../../shared/identity/index.js';
import { connectionResolvers, pageLength } from '../../../shared/lists/index.js';
import type { Resolvers } from '../generated/graphql.js';
import { chamberWithId, professionWithOid } from '../reference/index.js';
import type { ProfessionalRow } from './store.js';

/** The most registrations of one call. */
const MOST_REGISTRATIONS = 1_000;

export const professionalResolvers: Resolvers = {
  Query: {
    professional: async (_, { id }, { caller, professionals }) => {
      permit(caller, 'professionals:read');
      return (await professionals.find(id)) ?? null;
    },
    professionals: (_, { filter, first, after }, { caller, professionals }) => {
      permit(caller, 'professionals:read');
      return professionals.page(filter ?? {}, pageLength(first), after);
    },
  },
  Mutation: {
    registerProfessional: (_, { input }, { caller, registrations }) => {
      permit(caller, 'professionals:register');
      return registrations.register(input, caller);
    },
    registerProfessionals: (_, { input }, { caller, registrations }) => {
      permit(caller, 'professionals:register');
      const { length } = input.professionals;
      throwIfFault(tooManyFault('registrations', length, MOST_REGISTRATIONS));
      return registrations.registerAll(input, caller);
    },
  },
  Professional: {
    region: ({ homeArea }) => ({ code: homeArea }),
    facility: ({ employerFacility }) =>
      employerFacility === null ? null : { id: employerFacility },
    organisationId: ({ employerOrganisation }) => employerOrganisation,
    isSelfRegistered: ({ registrantKind }) => registrantKind === 'PERSON',
    identity: (row, _, { identitySeal }) => {
      const sealed = sealedOf(row);
      return sealed && identitySeal.open(row.id, sealed);
    },
    qualifications: (row, _, { professionals }) => professionals.qualificationsOf(row),
    possibleDuplicates: (row, _, { professionals }) => professionals.duplicatesOf(row),
  },
  ProfessionalConnection: connectionResolvers,
  Qualification: {
    isVerified: ({ status }) => status !== null,
    profession: ({ profession }) => professionWithOid(profession)!,
    chamber: ({ chamber }) => (chamber === null ? null : (chamberWithId(chamber) ?? null)),
  },
  RegistryNumber: {
    chamber: ({ chamber }) => (chamber === null ? null : (chamberWithId(chamber) ?? null)),
  },
};

/** A modelled professional is nobody, and an erased one nobody any more. */
function sealedOf({ keyId, nonce, sealed }: ProfessionalRow) {
  if (keyId === null || nonce === null || sealed === null) return null;
  return { keyId, nonce: Buffer.from(nonce), sealed: Buffer.from(sealed) };
}
