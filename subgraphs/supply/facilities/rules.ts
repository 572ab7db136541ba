import type { UnknownFacility } from '../generated/graphql.js';

/** A type of the schema with its name, as unions need it. */
export type WithTypename<T extends { __typename?: string }> = T & {
  __typename: NonNullable<T['__typename']>;
};

export function unknownFacility(facility: string): WithTypename<UnknownFacility> {
  return {
    __typename: 'UnknownFacility',
    message: `There is no facility with the id ${facility.slice(0, 100)}. Take the id from \`facilities\`, or name it by \`site:\` and its site number, or by \`ik:\` and its IK where exactly one site has it.`,
    facilityId: facility,
  };
}
