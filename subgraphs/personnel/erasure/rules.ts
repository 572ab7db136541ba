import type { WithTypename } from '../../../shared/validation/rules.js';
import type { UnknownProfessional } from '../generated/graphql.js';

export function unknownProfessional(id: string): WithTypename<UnknownProfessional> {
  return {
    __typename: 'UnknownProfessional',
    message: `There is no professional with the id ${id.slice(0, 100)} whom you may erase. Use an id from \`professionals\`.`,
    professionalId: id,
  };
}
