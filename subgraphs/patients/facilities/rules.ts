import type { UnknownFacility } from '../generated/graphql.js';

/** A type of the schema with its name, as unions need it. */
export type Named<T extends { __typename?: string }> = T & {
  __typename: NonNullable<T['__typename']>;
};

const AREA = /^(\d{2}|\d{3}|\d{5})?$/;

/** Whether a text is an AGS prefix as areas are named: empty, or 2, 3 or 5 digits. */
export function isArea(area: string): boolean {
  return AREA.test(area);
}

/** What is wrong with a text that is no area, as a sentence for the caller. */
export function areaFault(text: string): string {
  return `area is an AGS prefix of 2, 3 or 5 digits, or empty for Germany; "${text.slice(0, 20)}" came.`;
}

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
    facility,
  };
}
