import type { WithTypename } from '../../../shared/validation/rules.js';
import type { UnknownQualification } from '../generated/graphql.js';

export function unknownQualification(id: string): WithTypename<UnknownQualification> {
  return {
    __typename: 'UnknownQualification',
    message: `There is no qualification with the id ${id.slice(0, 100)} that you oversee. Use an id from \`Professional.qualifications\` that names your chamber, or, for a health office, none.`,
    qualificationId: id,
  };
}
