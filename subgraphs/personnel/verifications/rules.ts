import { noneWithId, type WithTypename } from '../../../shared/validation/rules.js';
import type { UnknownQualification } from '../generated/graphql.js';

export function unknownQualification(id: string): WithTypename<UnknownQualification> {
  const source =
    '`Professional.qualifications` that names your chamber, or, for a health office, none';
  return noneWithId('qualification', id, source, 'verify');
}
