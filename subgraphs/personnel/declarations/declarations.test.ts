import { randomUUID } from 'node:crypto';
import { declare, endCommitment, newOrganisation } from '../testing/declarations.js';
import { facilitiesIn } from '../testing/people.js';
import {
  personnelWorld,
  type PersonnelWorld,
  type TestIdentity,
} from '../testing/personnel-world.js';
import {
  firm,
  hospital,
  newIdentity,
  person,
  professionalInput,
  register,
  registered,
} from '../testing/registrations.js';

let world: PersonnelWorld;
let facilities: string[];
let next = 0;
const newFacility = () => facilities[next++]!;
beforeAll(async () => {
  world = await personnelWorld({ hasSupply: true });
  facilities = await facilitiesIn(world, '05', 40);
});
afterAll(() => world.close());

async function effectiveAt(facility: string, phase: string) {
  const { data } = await world.request(
    `query ($of: [_Any!]!, $phase: Phase!) { _entities(representations: $of) { ... on Facility {
      staffing(phase: $phase) { effective doublyCommitted } } } }`,
    { of: [{ __typename: 'Facility', id: facility }], phase },
    hospital(facility),
  );
  return data._entities[0].staffing[0];
}

async function commitmentsOf(id: string, who: TestIdentity) {
  const { data, errors } = await world.request(
    `query ($id: ID!) { professional(id: $id) { commitments { id kind facility { id } organisationId rank phases legalSource } } }`,
    { id },
    who,
  );
  if (errors) throw new Error(JSON.stringify(errors));
  return data.professional?.commitments;
}

/** A helper of an organisation, who is employed by nobody according to it. */
async function newHelper(organisation: string, identity: object) {
  const input = professionalInput(world, { identity });
  const { data } = await register(world, { ...input, memberOf: organisation }, firm(organisation));
  return data.registerProfessional.professionalId as string;
}

describe('a commitment that the person declares', () => {
  test('takes them from their employer in the phases in which it binds, and no longer when it has ended', async () => {
    const facility = newFacility();
    const id = await registered(world, { facility });
    const outcome = await declare(
      world,
      { professional: id, kind: 'BUNDESWEHR_RESERVE' },
      person(id),
    );
    expect(outcome).toEqual({
      __typename: 'CommitmentDeclared',
      commitmentId: expect.any(String),
      declaredAt: world.clock.now.toISOString(),
    });
    expect(await effectiveAt(facility, 'CATASTROPHE')).toEqual({
      effective: 1,
      doublyCommitted: 1,
    });
    expect(await effectiveAt(facility, 'ALLIANCE_CASE')).toMatchObject({ effective: 0 });
    expect(await commitmentsOf(id, person(id))).toMatchObject([
      { kind: 'MAIN_EMPLOYER', facility: { id: facility }, rank: 7 },
      {
        kind: 'BUNDESWEHR_RESERVE',
        facility: null,
        rank: 1,
        phases: ['STATE_OF_TENSION', 'ALLIANCE_CASE', 'STATE_OF_DEFENCE'],
        legalSource: '§§ 2, 4, 48 WPflG; § 60 SG',
      },
    ]);
    const ended = await endCommitment(world, outcome.commitmentId, person(id));
    expect(ended).toMatchObject({ __typename: 'CommitmentEnded' });
    expect(await effectiveAt(facility, 'ALLIANCE_CASE')).toEqual({
      effective: 1,
      doublyCommitted: 0,
    });
    expect(await endCommitment(world, outcome.commitmentId, person(id))).toMatchObject({
      __typename: 'UnknownCommitment',
    });
  });

  test('is neither an employment nor names an organisation of another kind', async () => {
    const id = await registered(world, { facility: newFacility() });
    const [brigade, wholesaler] = [
      await newOrganisation(world, 'FIRE_BRIGADE'),
      await newOrganisation(world, 'WHOLESALER'),
    ];
    const before = await world.eventCount();
    const refusalOf = (kind: string, organisation?: string) =>
      declare(
        world,
        { professional: id, kind, ...(organisation !== undefined && { organisation }) },
        person(id),
      );
    expect(await refusalOf('SIDE_JOB')).toMatchObject({ field: 'kind' });
    expect(await refusalOf('THW', brigade)).toMatchObject({ field: 'organisation' });
    expect(await refusalOf('FIRE_BRIGADE', wholesaler)).toMatchObject({ field: 'organisation' });
    expect(await refusalOf('CRISIS_STAFF', brigade)).toMatchObject({ field: 'organisation' });
    expect(await refusalOf('THW', randomUUID())).toMatchObject({
      __typename: 'UnknownOrganisation',
    });
    expect(await world.eventCount()).toBe(before);
  });

  test('is declared once, however often it is sent, and by two requests at once', async () => {
    const id = await registered(world, { facility: newFacility() });
    const commitment = { professional: id, kind: 'THW' };
    const key = randomUUID();
    const repeated = await Promise.all(
      [key, key].map((one) => declare(world, commitment, person(id), one)),
    );
    expect(repeated[0]).toMatchObject({ __typename: 'CommitmentDeclared' });
    expect(repeated[1]).toEqual(repeated[0]);
    expect(await declare(world, commitment, person(id))).toMatchObject({
      __typename: 'CommitmentExists',
      commitmentId: repeated[0].commitmentId,
    });
    const other = { professional: id, kind: 'FIRE_BRIGADE' };
    const both = await Promise.all([0, 1].map(() => declare(world, other, person(id))));
    expect(both.map(({ __typename }) => __typename).sort()).toEqual([
      'CommitmentDeclared',
      'CommitmentExists',
    ]);
    const ids = new Set(both.map(({ commitmentId }) => commitmentId));
    expect(ids.size).toBe(1);
  });
});

describe('an organisation', () => {
  test('declares for a helper of its own, who counts for it and not for the hospital that has registered them too', async () => {
    const [facility, brigade] = [newFacility(), await newOrganisation(world, 'FIRE_BRIGADE')];
    const identity = newIdentity();
    const employee = await registered(world, { facility, identity });
    const helper = await newHelper(brigade, identity);
    const declared = await declare(
      world,
      { professional: helper, kind: 'FIRE_BRIGADE', organisation: brigade },
      firm(brigade),
    );
    expect(declared).toMatchObject({ __typename: 'CommitmentDeclared' });
    expect(await effectiveAt(facility, 'MASS_CASUALTY')).toMatchObject({ effective: 0 });
    expect(await effectiveAt(facility, 'EVERYDAY')).toMatchObject({ effective: 1 });
    expect(await commitmentsOf(helper, firm(brigade))).toMatchObject([
      { kind: 'FIRE_BRIGADE', organisationId: brigade },
    ]);
    expect(await commitmentsOf(employee, hospital(facility))).toMatchObject([
      { kind: 'MAIN_EMPLOYER' },
    ]);
    expect(await endCommitment(world, declared.commitmentId, firm(brigade))).toMatchObject({
      __typename: 'CommitmentEnded',
    });
    expect(await effectiveAt(facility, 'MASS_CASUALTY')).toMatchObject({ effective: 1 });
  });

  test('neither sees nor ends what binds its helper to another body, and declares for nobody else', async () => {
    const [brigade, other] = [
      await newOrganisation(world, 'FIRE_BRIGADE'),
      await newOrganisation(world, 'AID_ORGANISATION'),
    ];
    const helper = await newHelper(brigade, newIdentity());
    const own = await declare(
      world,
      { professional: helper, kind: 'THW', organisation: other },
      person(helper),
    );
    expect(await commitmentsOf(helper, firm(brigade))).toEqual([]);
    const unknown = { __typename: 'UnknownProfessional' };
    const byOthers = [
      [{ professional: helper, kind: 'AID_ORGANISATION', organisation: other }, firm(other)],
      [{ professional: helper, kind: 'AID_ORGANISATION', organisation: other }, firm(brigade)],
      [{ professional: helper, kind: 'BUNDESWEHR_RESERVE' }, firm(brigade)],
      [{ professional: 'x', kind: 'CRISIS_STAFF' }, person(helper)],
    ] as const;
    for (const [commitment, who] of byOthers) {
      expect(await declare(world, commitment, who)).toMatchObject(unknown);
    }
    for (const who of [firm(brigade), firm(other), person(randomUUID())]) {
      expect(await endCommitment(world, own.commitmentId, who)).toMatchObject({
        __typename: 'UnknownCommitment',
      });
    }
    expect(await declare(world, { professional: helper, kind: 'THW' }, hospital('x'))).toBe(
      'FORBIDDEN',
    );
  });

  test('gets no employee by registering a helper', async () => {
    const brigade = await newOrganisation(world, 'FIRE_BRIGADE');
    const facility = newFacility();
    const input = professionalInput(world, { facility });
    const { data } = await register(world, { ...input, memberOf: brigade }, hospital(facility));
    expect(data.registerProfessional).toMatchObject({ field: 'memberOf' });
    const foreign = professionalInput(world, {});
    const { errors } = await register(world, { ...foreign, memberOf: brigade }, firm(randomUUID()));
    expect(errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
  });
});

test('every declaration and every failed one is in the audit, and none of a body is in an event', async () => {
  const id = await registered(world, { facility: newFacility() });
  const declared = await declare(world, { professional: id, kind: 'THW' }, person(id));
  await declare(world, { professional: id, kind: 'THW' }, person(randomUUID()));
  await endCommitment(world, declared.commitmentId, person(id));
  const { rows } = await world.pool.query(
    `SELECT action, found FROM audit_entry WHERE people = ARRAY[$1::uuid] AND action <> 'REGISTER' ORDER BY action, found`,
    [id],
  );
  expect(rows).toEqual([
    { action: 'DECLARE_COMMITMENT', found: false },
    { action: 'DECLARE_COMMITMENT', found: true },
    { action: 'END_COMMITMENT', found: true },
  ]);
  const events = await world.pool.query(
    `SELECT FROM outbox_event WHERE tags && ARRAY['THW'] OR entity = $1`,
    [id],
  );
  expect(events.rows).toEqual([]);
});

test('while supply is unavailable a commitment is declared without an organisation, and a repetition gets its outcome', async () => {
  const brigade = await newOrganisation(world, 'FIRE_BRIGADE');
  const helper = await newHelper(brigade, newIdentity());
  const [key, late] = [randomUUID(), randomUUID()];
  const commitment = { professional: helper, kind: 'FIRE_BRIGADE', organisation: brigade };
  const first = await declare(world, commitment, firm(brigade), key);
  await endCommitment(world, first.commitmentId, firm(brigade));
  await world.supply!.stop();
  expect(await declare(world, commitment, firm(brigade), key)).toEqual(first);
  expect(await declare(world, commitment, firm(brigade), late)).toBe('SERVICE_UNAVAILABLE');
  expect(await commitmentsOf(helper, person(helper))).toEqual([]);
  expect(
    await declare(world, { professional: helper, kind: 'FIRE_BRIGADE' }, person(helper)),
  ).toMatchObject({ __typename: 'CommitmentDeclared' });
  await world.supply!.restart();
  expect(await declare(world, commitment, firm(brigade), late)).toMatchObject({
    __typename: 'CommitmentDeclared',
  });
});
