import { randomUUID } from 'node:crypto';
import { chambersOfProfession } from '../testing/chambers.js';
import { facilitiesIn } from '../testing/people.js';
import {
  personnelWorld,
  type PersonnelWorld,
  type TestIdentity,
} from '../testing/personnel-world.js';
import {
  chamber,
  hospital,
  KASSEL,
  NURSE,
  PARAMEDIC,
  person,
  PHYSICIAN,
  registered,
  totals,
} from '../testing/registrations.js';

const [PHYSICIANS, OTHERS] = chambersOfProfession(PHYSICIAN) as [string, string];
const HEALTH_OFFICE: TestIdentity = { role: 'health-office', areas: [KASSEL] };

let world: PersonnelWorld;
let facility: string;
beforeAll(async () => {
  world = await personnelWorld();
  facility = (await facilitiesIn(world, '05', 1))[0]!;
});
afterAll(() => world.close());

async function qualificationsOf(id: string, who: TestIdentity) {
  const { data } = await world.request(
    'query ($id: ID!) { professional(id: $id) { qualifications { id isVerified status verifiedAt } } }',
    { id },
    who,
  );
  return data.professional.qualifications;
}

/** A physician, and the id of their qualification. */
async function physician() {
  const qualifications = [{ profession: PHYSICIAN, chamber: PHYSICIANS }];
  const id = await registered(world, { facility, qualifications, group: 'PHYSICIAN' });
  const [{ id: qualification }] = await qualificationsOf(id, hospital(facility));
  return { id, qualification: qualification as string };
}

const VERIFY = `mutation ($input: VerifyQualificationInput!) { verifyQualification(input: $input) {
  __typename ... on Refusal { message } ... on QualificationVerified { qualificationId status verifiedAt } } }`;
async function verify(
  qualification: string,
  status: string,
  who: TestIdentity,
  idempotencyKey: string = randomUUID(),
) {
  const input = { verification: { qualification, status }, idempotencyKey };
  const { data, errors } = await world.request(VERIFY, { input }, who);
  return errors?.[0]?.extensions['code'] ?? data.verifyQualification;
}

const VERIFY_ALL = `mutation ($input: VerifyQualificationsInput!) { verifyQualifications(input: $input) {
  __typename ... on VerifiedQualifications { outcomes { __typename ... on QualificationVerified { status } } } } }`;

test('a statement is no verified qualification until the chamber verifies it, and the numbers of staff are the same', async () => {
  const { id, qualification } = await physician();
  expect(await qualificationsOf(id, hospital(facility))).toMatchObject([
    { isVerified: false, status: null, verifiedAt: null },
  ]);
  const before = await totals(world);
  const verifiedAt = world.clock.now.toISOString();
  expect(await verify(qualification, 'DORMANT', chamber(PHYSICIANS))).toEqual({
    __typename: 'QualificationVerified',
    qualificationId: qualification,
    status: 'DORMANT',
    verifiedAt,
  });
  expect(await qualificationsOf(id, hospital(facility))).toMatchObject([
    { isVerified: true, status: 'DORMANT', verifiedAt },
  ]);
  await verify(qualification, 'EXPIRED', chamber(PHYSICIANS));
  expect(await qualificationsOf(id, person(id))).toMatchObject([{ status: 'EXPIRED' }]);
  expect(await totals(world)).toEqual(before);
});

test('neither the person, nor the employer, nor another chamber, nor a health office verifies what a chamber oversees', async () => {
  const { id, qualification } = await physician();
  for (const who of [hospital(facility), person(id)]) {
    expect(await verify(qualification, 'ACTIVE', who)).toBe('FORBIDDEN');
  }
  const offices = { role: 'health-office', areas: [''] };
  for (const who of [chamber(OTHERS), offices, chamber(randomUUID())]) {
    expect(await verify(qualification, 'ACTIVE', who)).toMatchObject({
      __typename: 'UnknownQualification',
    });
  }
  expect(await verify('x', 'ACTIVE', chamber(PHYSICIANS))).toMatchObject({
    __typename: 'UnknownQualification',
  });
  expect(await qualificationsOf(id, person(id))).toMatchObject([{ isVerified: false }]);
});

test('a health office verifies what no chamber oversees, in its area', async () => {
  const qualifications = [{ profession: NURSE }, { profession: PARAMEDIC }];
  const id = await registered(world, { facility, homeArea: KASSEL, qualifications });
  const [first, second] = await qualificationsOf(id, hospital(facility));
  expect(await verify(first.id, 'ACTIVE', HEALTH_OFFICE)).toMatchObject({ status: 'ACTIVE' });
  const elsewhere = { role: 'health-office', areas: ['05'] };
  expect(await verify(second.id, 'ACTIVE', elsewhere)).toMatchObject({
    __typename: 'UnknownQualification',
  });
});

test('a bulk verifies what it can and says what became of each; repeating it changes nothing', async () => {
  const [one, other] = [await physician(), await physician()];
  const verifications = [
    { qualification: one.qualification, status: 'ACTIVE' },
    { qualification: randomUUID(), status: 'ACTIVE' },
    { qualification: other.qualification, status: 'RETIRED' },
    { qualification: one.qualification, status: 'DORMANT' },
  ];
  const input = { verifications, idempotencyKey: randomUUID() };
  const send = () => world.request(VERIFY_ALL, { input }, chamber(PHYSICIANS));
  const first = await send();
  expect(first.data.verifyQualifications.outcomes).toEqual([
    { __typename: 'QualificationVerified', status: 'ACTIVE' },
    { __typename: 'UnknownQualification' },
    { __typename: 'QualificationVerified', status: 'RETIRED' },
    { __typename: 'QualificationVerified', status: 'DORMANT' },
  ]);
  await verify(other.qualification, 'EXPIRED', chamber(PHYSICIANS));
  expect((await send()).data).toEqual(first.data);
  expect(await qualificationsOf(one.id, person(one.id))).toMatchObject([{ status: 'DORMANT' }]);
  expect(await qualificationsOf(other.id, person(other.id))).toMatchObject([{ status: 'EXPIRED' }]);
  const many = Array(1_001).fill(verifications[0]);
  const { errors } = await world.request(
    VERIFY_ALL,
    { input: { verifications: many, idempotencyKey: randomUUID() } },
    chamber(PHYSICIANS),
  );
  expect(errors?.[0]?.extensions['code']).toBe('TOO_MUCH');
});

test('two bulks at once in opposite order both end, and each verification is in the audit', async () => {
  const all = [await physician(), await physician()];
  const bulk = (of: typeof all, status: string) =>
    world.request(
      VERIFY_ALL,
      {
        input: {
          verifications: of.map(({ qualification }) => ({ qualification, status })),
          idempotencyKey: randomUUID(),
        },
      },
      chamber(PHYSICIANS),
    );
  const both = await Promise.all([bulk(all, 'ACTIVE'), bulk([...all].reverse(), 'RETIRED')]);
  expect(both.map(({ errors }) => errors)).toEqual([undefined, undefined]);
  const statuses = await Promise.all(all.map(({ id }) => qualificationsOf(id, person(id))));
  expect(statuses[0][0].status).toBe(statuses[1][0].status);
  const { rows } = await world.pool.query(
    `SELECT count FROM audit_entry WHERE action = 'VERIFY_QUALIFICATION' AND people @> ARRAY[$1::uuid]`,
    [all[0]!.id],
  );
  expect(rows).toEqual([{ count: 2 }, { count: 2 }]);
});
