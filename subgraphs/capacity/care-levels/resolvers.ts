import { throwIfFault } from '../../../shared/errors/index.js';
import { permit } from '../../../shared/identity/index.js';
import { reasonFault } from '../../../shared/validation/rules.js';
import type { Resolvers } from '../generated/graphql.js';

export const careLevelResolvers: Resolvers = {
  Mutation: {
    declareCareLevel: (_, { input }, { caller, careLevels }) => {
      permit(caller, 'care-levels:declare');
      throwIfFault(reasonFault(input.reason));
      return careLevels.declare(input, caller, ({ id, area }) =>
        permit(caller, 'care-levels:declare', { facility: id, area }),
      );
    },
  },
  Facility: {
    careLevel: ({ id }, _, { careLevels }) => careLevels.inForce(id),
  },
};
