import { randomUUID } from 'node:crypto';
import type { PersonnelWorld, TestIdentity } from './personnel-world.js';

const REGISTER = `mutation ($input: RegisterOrganisationInput!) { registerOrganisation(input: $input) {
  __typename ... on Refusal { message } ... on Organisation { id } } }`;

/** Registers an organisation in Cologne and returns its id. */
export async function newOrganisation({ supply }: PersonnelWorld, kind: string): Promise<string> {
  const input = {
    kind,
    area: '05315',
    name: `${kind} ${randomUUID()}`,
    position: { latitude: 50.94, longitude: 6.96 },
    idempotencyKey: randomUUID(),
  };
  const { data, errors } = await supply!.request(
    REGISTER,
    { input },
    { role: 'crisis-staff', areas: [''], subject: 'crisis staff' },
  );
  if (errors) throw new Error(JSON.stringify(errors));
  return data.registerOrganisation.id;
}

const DECLARE = `mutation ($input: DeclareCommitmentInput!) { declareCommitment(input: $input) {
  __typename ... on Refusal { message } ... on CommitmentDeclared { commitmentId declaredAt }
  ... on InvalidCommitment { field } ... on CommitmentExists { commitmentId } } }`;

interface TestDeclaration {
  professional: string;
  kind: string;
  organisation?: string;
}

/** Calls `declareCommitment` and returns its outcome, or the code of its error. */
export async function declare(
  world: PersonnelWorld,
  commitment: TestDeclaration,
  who: TestIdentity,
  idempotencyKey: string = randomUUID(),
) {
  const { professional, kind, organisation } = commitment;
  const input = { professional, kind, organisation, idempotencyKey };
  const { data, errors } = await world.request(DECLARE, { input }, who);
  return errors?.[0]?.extensions['code'] ?? data.declareCommitment;
}

const END = `mutation ($input: EndCommitmentInput!) { endCommitment(input: $input) {
  __typename ... on Refusal { message } ... on CommitmentEnded { commitmentId endedAt } } }`;

/** Calls `endCommitment` and returns its outcome, or the code of its error. */
export async function endCommitment(
  world: PersonnelWorld,
  commitment: string,
  who: TestIdentity,
  idempotencyKey: string = randomUUID(),
) {
  const { data, errors } = await world.request(END, { input: { commitment, idempotencyKey } }, who);
  return errors?.[0]?.extensions['code'] ?? data.endCommitment;
}
