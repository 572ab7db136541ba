import {
  invalid,
  noneWithCode,
  noneWithId,
  type WithTypename,
} from '../../../shared/validation/rules.js';
import type {
  ProfessionalExists,
  DuplicateDecided,
  ForeignChamber,
  InvalidProfessional,
  ProfessionalIdentityInput,
  ProfessionalInput,
  QualificationInput,
  RegistryNumberInput,
  UnknownArea,
  UnknownChamber,
  UnknownDuplicate,
  UnknownProfessional,
  UnknownProfession,
} from '../generated/graphql.js';
import type { ListedChamber } from '../reference/index.js';

/** Public facts against which a registration is judged. */
export interface Reference {
  isProfession(oid: string): boolean;
  chamberWithId(id: string): ListedChamber | undefined;
  /** The chambers to one of which everybody of the profession who lives in the Kreis must belong; none where there is none. */
  chambersOf(oid: string, area: string): readonly ListedChamber[];
  isKreis(area: string): boolean;
}

/** Why a registration is refused, apart from its facility. */
export type RegistrationRefusal =
  | WithTypename<InvalidProfessional>
  | WithTypename<UnknownArea>
  | WithTypename<UnknownProfession>
  | WithTypename<UnknownChamber>
  | WithTypename<ForeignChamber>;

const LONGEST_NAME = 200;
const LONGEST_CONTACT = 200;
const LONGEST_SPECIALTY = 100;
const MOST_QUALIFICATIONS = 10;
const EARLIEST_BIRTH = '1900-01-01';
/** Nobody has learned a profession of health who is younger. */
const YOUNGEST_YEARS = 15;

/** Returns why a registration is refused; undefined if it is not. No refusal repeats a name. */
export function judgeRegistration(
  input: ProfessionalInput,
  reference: Reference,
  now: Date,
): RegistrationRefusal | undefined {
  const { identity, homeArea, employment, memberOf, consentAt, qualifications } = input;
  if (!reference.isKreis(homeArea) && /^\d{5}$/.test(homeArea)) {
    return noneWithCode(
      'area',
      { field: 'area', name: 'AGS', given: homeArea },
      'Give the AGS of the Kreis in homeArea.',
    );
  }
  if (!reference.isKreis(homeArea)) {
    return invalid(
      'InvalidProfessional',
      'homeArea',
      `homeArea is the AGS of a Kreis, five digits; received "${homeArea.slice(0, 20)}". Correct it.`,
    );
  }
  if (employment && (employment.facility == null) === (employment.organisation == null)) {
    return invalid(
      'InvalidProfessional',
      'employment',
      'employment names a facility or an organisation, and not both; received both or neither. Name one, or omit employment for people who are not employed.',
    );
  }
  if (employment && memberOf != null) {
    return invalid(
      'InvalidProfessional',
      'memberOf',
      'memberOf names an organisation that registers a helper whom it does not employ; received an employment as well. Omit one of them.',
    );
  }
  if (consentAt > now) {
    return invalid(
      'InvalidProfessional',
      'consentAt',
      `consentAt is when the person consented, which is not in the future; received ${consentAt.toISOString()}, and it is ${now.toISOString()}. Register after the consent.`,
    );
  }
  if (qualifications.length > MOST_QUALIFICATIONS) {
    return invalid(
      'InvalidProfessional',
      'qualifications',
      `A professional has up to ${MOST_QUALIFICATIONS} qualifications; received ${qualifications.length}. Leave out the least useful ones.`,
    );
  }
  return (
    judgeIdentity(identity, now) ??
    judgeRegistryNumber(identity.registryNumber, reference) ??
    first(qualifications, (one, index) => judgeQualification(one, { index, homeArea, reference }))
  );
}

function judgeIdentity(
  identity: ProfessionalIdentityInput,
  now: Date,
): WithTypename<InvalidProfessional> | undefined {
  const { givenName, familyName, birthName, birthPlace, birthDate, phone, email } = identity;
  const names = { givenName, familyName, birthName, birthPlace };
  for (const [field, text] of Object.entries(names)) {
    if (text == null || (text.trim() !== '' && text.length <= LONGEST_NAME)) continue;
    return invalid(
      'InvalidProfessional',
      `identity.${field}`,
      `${field} has 1 to ${LONGEST_NAME} characters; received ${text.trim() === '' ? 'nothing' : text.length}. Correct it.`,
    );
  }
  for (const [field, text] of Object.entries({ phone, email })) {
    if (text == null || (text.trim() !== '' && text.length <= LONGEST_CONTACT)) continue;
    return invalid(
      'InvalidProfessional',
      `identity.${field}`,
      `${field} has 1 to ${LONGEST_CONTACT} characters; received ${text.trim() === '' ? 'nothing' : text.length}. Correct it, or omit it.`,
    );
  }
  const latest = yearsBefore(now, YOUNGEST_YEARS);
  if (isDateBetween(EARLIEST_BIRTH, birthDate, latest)) return undefined;
  return invalid(
    'InvalidProfessional',
    'identity.birthDate',
    `birthDate is written YYYY-MM-DD and lies between ${EARLIEST_BIRTH} and ${latest}: a professional is ${YOUNGEST_YEARS} years old or older. Correct it.`,
  );
}

function judgeRegistryNumber(
  registryNumber: RegistryNumberInput | null | undefined,
  { chamberWithId }: Reference,
): RegistrationRefusal | undefined {
  if (registryNumber == null) return undefined;
  const { kind, number, chamber } = registryNumber;
  const field = 'identity.registryNumber';
  if (kind === 'LANR' && !/^\d{9}$/.test(number)) {
    return invalid(
      'InvalidProfessional',
      field,
      'A LANR has 9 digits; received something else. Correct it, or omit it.',
    );
  }
  if (!/^[\p{Letter}\p{Number} ./:-]{3,128}$/u.test(number)) {
    return invalid(
      'InvalidProfessional',
      field,
      'A registry number has 3 to 128 letters, digits, spaces and the signs . / : and -; received something else. Correct it, or omit it.',
    );
  }
  if ((kind === 'CHAMBER') !== (chamber != null)) {
    return invalid(
      'InvalidProfessional',
      field,
      'A registry number of a chamber names the chamber that assigned it, and no other number does. Correct `chamber`.',
    );
  }
  return chamber == null || chamberWithId(chamber) ? undefined : unknownChamber(chamber);
}

function judgeQualification(
  { profession, specialty, chamber }: QualificationInput,
  { index, homeArea, reference }: { index: number; homeArea: string; reference: Reference },
): RegistrationRefusal | undefined {
  const field = `qualifications[${index}]`;
  if (!reference.isProfession(profession)) {
    return noneWithCode(
      'profession',
      { field: 'professionCode', name: 'OID', given: profession },
      `Give in ${field}.profession the OID of a profession of health that \`professions\` lists.`,
    );
  }
  if (specialty != null && (specialty.trim() === '' || specialty.length > LONGEST_SPECIALTY)) {
    return invalid(
      'InvalidProfessional',
      `${field}.specialty`,
      `specialty has 1 to ${LONGEST_SPECIALTY} characters; received ${specialty.trim() === '' ? 'nothing' : specialty.length}. Correct it, or omit it.`,
    );
  }
  if (chamber == null) {
    const competent = reference.chambersOf(profession, homeArea);
    if (competent.length === 0) return undefined;
    return invalid(
      'InvalidProfessional',
      `${field}.chamber`,
      `This profession belongs to a chamber there, such as ${competent[0]!.name}; received none. Name the chamber of the member, as \`chambers\` lists them.`,
    );
  }
  const named = reference.chamberWithId(chamber);
  if (!named) return unknownChamber(chamber);
  if (named.professions.includes(profession)) return undefined;
  return {
    __typename: 'ForeignChamber',
    message: `${field} names a chamber that is competent for its profession; ${named.name} is competent for others. Use one that \`chambers(profession:)\` lists.`,
    chamberId: chamber,
    professionCode: profession,
  };
}

function first<One, Result>(
  all: readonly One[],
  judge: (one: One, index: number) => Result | undefined,
): Result | undefined {
  for (const [index, one] of all.entries()) {
    const result = judge(one, index);
    if (result) return result;
  }
  return undefined;
}

function unknownChamber(id: string): WithTypename<UnknownChamber> {
  return noneWithId('chamber', id, '`chambers`');
}

function isDateBetween(earliest: string, text: string, latest: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || text > latest || text < earliest) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function yearsBefore(now: Date, years: number): string {
  const date = new Date(now);
  date.setUTCFullYear(date.getUTCFullYear() - years);
  return date.toISOString().slice(0, 10);
}

export function professionalExists(id: string): WithTypename<ProfessionalExists> {
  return {
    __typename: 'ProfessionalExists',
    message:
      'You have registered a person with this name, birth date and birthplace, or with this registry number, before. Use that record; for another person with the same data give all their given names.',
    professionalId: id,
  };
}

export function unknownDuplicate(id: string): WithTypename<UnknownDuplicate> {
  return noneWithId('duplicate', id, '`Professional.possibleDuplicates`', 'decide');
}

export function unknownProfessional(
  id: string,
  act: 'erase' | 'bind',
): WithTypename<UnknownProfessional> {
  return noneWithId('professional', id, '`professionals`', act);
}

/** A decision about a duplicate, as far as a later one depends on it. */
export interface DuplicateDecision {
  isFinal: boolean;
  decidedAt: Date | null;
}

/** Refuses to a person what a chamber or an authority has decided; those decide again where they were mistaken. */
export function judgeDecision(
  { isFinal, decidedAt }: DuplicateDecision,
  isCompetent: boolean,
): WithTypename<DuplicateDecided> | undefined {
  if (!isFinal || isCompetent || decidedAt === null) return undefined;
  return {
    __typename: 'DuplicateDecided',
    message: `The chamber or the health office decided this on ${decidedAt.toISOString()}, and a person cannot change that. Request another decision from them.`,
    decidedAt,
  };
}
