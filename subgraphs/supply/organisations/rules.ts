import {
  noneWithId,
  positionFault,
  textFault,
  type WithTypename,
} from '../../../shared/validation/rules.js';
import type {
  OrganisationElsewhere,
  OrganisationExists,
  RegisterOrganisationInput,
  UnknownOrganisation,
} from '../generated/graphql.js';
import type { Organisation } from '../generated/prisma/client.js';

/** An organisation as it is stored, without the person who registered it. */
export type OrganisationRow = Omit<Organisation, 'registeredBy' | 'nameKey'>;

const LONGEST_NAME = 200;
/** Addresses at the border of a Kreis, and Kreise whose borders are drawn coarsely, stay acceptable. */
const MOST_KILOMETRES_OUTSIDE = 50;

/** Returns the fault of a registration, as a sentence for the caller; undefined if it has none. */
export function registrationFault({
  name,
  area,
  position,
}: RegisterOrganisationInput): string | undefined {
  if (!/^\d{5}$/.test(area)) {
    return `area is the AGS of a Kreis, five digits; received "${area.slice(0, 20)}".`;
  }
  return textFault('name', name, LONGEST_NAME) ?? positionFault(position);
}

/** Returns the one form of names that read alike: in whatever case, width and spacing somebody writes it, a name is registered once. */
export function nameKey(name: string): string {
  const form = name.normalize('NFKC').replace(/\p{Default_Ignorable_Code_Point}/gu, '');
  // Capitals first: they make SS of ß.
  return form.replace(/\s+/gu, ' ').trim().toUpperCase().toLowerCase().normalize('NFKC');
}

/** Refuses a position that lies too far outside the Kreis. */
export function judgeLocation(
  area: string,
  kilometresOutside: number,
): WithTypename<OrganisationElsewhere> | undefined {
  if (kilometresOutside <= MOST_KILOMETRES_OUTSIDE) return undefined;
  return {
    __typename: 'OrganisationElsewhere',
    message: `The position lies ${Math.round(kilometresOutside)} km outside the Kreis ${area}; expected at most ${MOST_KILOMETRES_OUTSIDE}. Correct the position or the area.`,
    area,
    region: { code: area },
    kilometresOutside,
  };
}

export function organisationExists({
  id,
  name,
  area,
}: Pick<OrganisationRow, 'id' | 'name' | 'area'>): WithTypename<
  Omit<OrganisationExists, 'organisation'>
> & { organisation: { id: string } } {
  return {
    __typename: 'OrganisationExists',
    message: `${name} is registered in the Kreis ${area} already. Use that organisation, or give another name.`,
    organisation: { id },
  };
}

export function unknownOrganisation(id: string): WithTypename<UnknownOrganisation> {
  return noneWithId(
    'organisation',
    id,
    '`organisations`, or register it with `registerOrganisation`',
  );
}
