import { randomUUID } from 'node:crypto';
import type { PersonnelWorld, TestIdentity } from './personnel-world.js';

/** OIDs of professions. */
export const PHYSICIAN = '1.2.276.0.76.4.30';
export const NURSE = '1.2.276.0.76.4.234';
export const PARAMEDIC = '1.2.276.0.76.4.178';

export const COLOGNE = '05315';
/** A Kreis of Hessen, where nurses have no chamber. */
export const KASSEL = '06611';

export const hospital = (facility: string): TestIdentity => ({
  role: 'hospital',
  facilities: [facility],
});
export const firm = (organisation: string): TestIdentity => ({
  role: 'supplier',
  organisations: [organisation],
});
export const chamber = (id: string): TestIdentity => ({ role: 'chamber', organisations: [id] });
export const person = (professional?: string): TestIdentity => ({
  role: 'professional',
  ...(professional !== undefined && { professional }),
  subject: `person ${professional ?? ''}`,
});

interface TestProfessional {
  facility?: string | undefined;
  organisation?: string | undefined;
  group?: string;
  isSideJob?: boolean;
  homeArea?: string;
  identity?: object;
  qualifications?: object[];
  consentAt?: Date;
}

let people = 0;

/** An identity that no other test has. */
export function newIdentity() {
  people += 1;
  return {
    givenName: 'Erika',
    familyName: `Muster ${people} ${randomUUID()}`,
    birthDate: '1984-08-12',
    birthPlace: 'Köln',
  };
}

/** The input of a registration: a paramedic of a facility, an organisation or of nobody. */
export function professionalInput(
  { clock }: PersonnelWorld,
  {
    facility,
    organisation,
    group = 'NURSE',
    isSideJob = false,
    homeArea = COLOGNE,
    identity = newIdentity(),
    qualifications = [{ profession: PARAMEDIC }],
    consentAt = clock.now,
  }: TestProfessional,
) {
  const isEmployed = facility !== undefined || organisation !== undefined;
  return {
    identity,
    homeArea,
    ...(isEmployed && { employment: { facility, organisation, group, isSideJob } }),
    reachability: 'LIMITED',
    consentAt: consentAt.toISOString(),
    qualifications,
  };
}

const REGISTER = `mutation ($input: RegisterProfessionalInput!) { registerProfessional(input: $input) {
  __typename ... on Refusal { message } ... on ProfessionalRegistered { professionalId registeredAt }
  ... on InvalidProfessional { field } ... on ProfessionalExists { professionalId } ... on ForeignChamber { chamberId professionCode } } }`;

/** Calls `registerProfessional` and returns its response. */
export function register(
  world: PersonnelWorld,
  professional: object,
  who: TestIdentity,
  idempotencyKey: string = randomUUID(),
) {
  return world.request(REGISTER, { input: { professional, idempotencyKey } }, who);
}

/** Registers a professional and returns the id of the record. */
export async function registered(
  world: PersonnelWorld,
  options: TestProfessional,
  who?: TestIdentity,
): Promise<string> {
  const { facility, organisation } = options;
  const employer = facility === undefined ? firm(organisation ?? '') : hospital(facility);
  const { data, errors } = await register(
    world,
    professionalInput(world, options),
    who ?? employer,
  );
  const outcome = data?.registerProfessional;
  if (outcome?.__typename !== 'ProfessionalRegistered') {
    throw new Error(JSON.stringify(errors ?? outcome));
  }
  return outcome.professionalId;
}

/** Returns the numbers of all staff in a phase, as crisis staff of Germany reads them. */
export async function totals(world: PersonnelWorld, phase = 'EVERYDAY') {
  const { data } = await world.request(
    'query ($phase: Phase!) { staffing(area: "", phase: $phase) { total { group rostered effective unconfirmed } } }',
    { phase },
  );
  const total: { rostered: number; effective: number; unconfirmed: number | null }[] =
    data.staffing.total;
  return {
    rostered: total.reduce((sum, { rostered }) => sum + rostered, 0),
    effective: total.reduce((sum, { effective }) => sum + effective, 0),
    unconfirmed: total.reduce((sum, { unconfirmed }) => sum + (unconfirmed ?? 0), 0),
  };
}

/** Returns the record as a caller reads it; null where they do not see it. */
export async function read(world: PersonnelWorld, id: string, who: TestIdentity) {
  const { data, errors } = await world.request(
    `query ($id: ID!) { professional(id: $id) { id homeArea isSelfRegistered facility { id } organisationId
      identity { givenName familyName birthName birthDate birthPlace phone registryNumber { kind number } }
      qualifications { profession { oid name } specialty chamber { name } }
      possibleDuplicates { id ground isSame otherId } } }`,
    { id },
    who,
  );
  if (errors) throw new Error(JSON.stringify(errors));
  return data.professional;
}

/** Decides a possible duplicate. */
export async function decide(
  world: PersonnelWorld,
  duplicate: string,
  isSame: boolean,
  who: TestIdentity,
) {
  const { data, errors } = await world.request(
    `mutation ($input: ConfirmSamePersonInput!) { confirmSamePerson(input: $input) {
      __typename ... on Refusal { message } ... on SamePersonDecided { isSame } } }`,
    { input: { duplicate, isSame, idempotencyKey: randomUUID() } },
    who,
  );
  if (errors) throw new Error(JSON.stringify(errors));
  return data.confirmSamePerson;
}
