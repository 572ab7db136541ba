import type { UnknownFacility } from '../generated/graphql.js';

/** A type of the schema with its `__typename`, which members of unions need. */
export type WithTypename<T extends { __typename?: string }> = T & {
  __typename: NonNullable<T['__typename']>;
};

export function unknownFacility(facility: string): WithTypename<UnknownFacility> {
  return {
    __typename: 'UnknownFacility',
    message: `There is no facility with the id ${facility.slice(0, 100)}. Take the id from \`facilities\`; it is not the site number and not the IK.`,
    facilityId: facility,
  };
}
