/** A type of the schema with its `__typename`, which members of unions need. */
export type WithTypename<T extends { __typename?: string }> = T & {
  __typename: NonNullable<T['__typename']>;
};

/** Returns the refusal of an id or a reference that names no facility. */
export function unknownFacility(facility: string) {
  return {
    __typename: 'UnknownFacility' as const,
    message: `There is no facility with the id ${facility.slice(0, 100)}. Take the id from \`facilities\`, or name it by \`site:\` and its site number, or by \`ik:\` and its IK where exactly one site has it.`,
    facilityId: facility,
  };
}
