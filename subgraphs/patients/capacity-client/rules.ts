import type { UnknownFacility } from '../generated/graphql.js';

/** A type of the schema with its name, as unions need it. */
export type Named<T extends { __typename?: string }> = T & {
  __typename: NonNullable<T['__typename']>;
};

/** What is wrong with a point, as a sentence for the caller; undefined when nothing is. */
export function pointFault({ latitude, longitude }: { latitude: number; longitude: number }) {
  if (Math.abs(latitude) > 90) return `latitude lies between -90 and 90 degrees; ${latitude} came.`;
  if (Math.abs(longitude) > 180)
    return `longitude lies between -180 and 180 degrees; ${longitude} came.`;
  return undefined;
}

export function unknownFacility(facility: string): Named<UnknownFacility> {
  return {
    __typename: 'UnknownFacility',
    message: `There is no facility with the id ${facility.slice(0, 100)}. Take the id from \`facilities\`; it is not the site number and not the IK.`,
    facilityId: facility,
  };
}
