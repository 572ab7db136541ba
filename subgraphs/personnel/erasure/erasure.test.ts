import { randomUUID } from 'node:crypto';
import { facilitiesIn } from '../testing/people.js';
import {
  personnelWorld,
  type PersonnelWorld,
  type TestIdentity,
} from '../testing/personnel-world.js';
import {
  hospital,
  newIdentity,
  person,
  read,
  registered,
  totals,
} from '../testing/registrations.js';

let world: PersonnelWorld;
let facilities: string[];
beforeAll(async () => {
  world = await personnelWorld();
  facilities = await facilitiesIn(world, '05', 10);
});
afterAll(() => world.close());
beforeEach(() =>
  world.pool.query('TRUNCATE professional, commitment, qualification, possible_duplicate'),
);

async function erase(id: string, who: TestIdentity) {
  const { data, errors } = await world.request(
    `mutation ($id: ID!) { eraseProfessional(input: { professional: $id }) { __typename ... on Refusal { message } } }`,
    { id },
    who,
  );
  return errors?.[0]?.extensions['code'] ?? data.eraseProfessional.__typename;
}

test('an erasure leaves nothing of a person but the number of a record and its Land', async () => {
  const [facility, other] = facilities as [string, string];
  const identity = newIdentity();
  const id = await registered(world, { facility, identity });
  const kept = await registered(world, { facility: other, identity });
  expect(await erase(id, person(id))).toBe('ProfessionalErased');
  const { rows } = await world.pool.query(
    `SELECT p.home_area, num_nonnulls(p.name_digest, p.registry_digest, p.key_id, p.nonce, p.sealed, p.employer_facility) AS left,
       (SELECT count(*)::int FROM commitment c WHERE c.professional_id = p.id) AS commitments,
       (SELECT count(*)::int FROM qualification q WHERE q.professional_id = p.id) AS qualifications,
       (SELECT count(*)::int FROM possible_duplicate d WHERE p.id IN (d.a, d.b)) AS duplicates
     FROM professional p WHERE p.id = $1`,
    [id],
  );
  expect(rows).toEqual([
    { home_area: '05', left: 0, commitments: 0, qualifications: 0, duplicates: 0 },
  ]);
  expect(await read(world, id, person(id))).toBeNull();
  expect(await read(world, id, hospital(facility))).toBeNull();
  expect(await totals(world)).toMatchObject({ rostered: 1, effective: 1 });
  expect(await read(world, kept, person(kept))).toMatchObject({ possibleDuplicates: [] });
});

test('an erased record connects no others, and is found by no registration', async () => {
  const [a, b] = [newIdentity(), newIdentity()];
  const lanr = { registryNumber: { kind: 'LANR', number: '123456701' } };
  await registered(world, { facility: facilities[2]!, identity: a });
  const between = await registered(world, {
    facility: facilities[3]!,
    identity: { ...a, ...lanr },
  });
  await registered(world, { facility: facilities[4]!, identity: { ...b, ...lanr } });
  expect(await totals(world)).toMatchObject({ rostered: 3, effective: 1 });
  expect(await erase(between, hospital(facilities[3]!))).toBe('ProfessionalErased');
  expect(await totals(world)).toMatchObject({ rostered: 2, effective: 2 });
  await registered(world, { facility: facilities[3]!, identity: { ...newIdentity(), ...lanr } });
  expect(await totals(world)).toMatchObject({ rostered: 3, effective: 2 });
});

test('is for the person and for the employer that registered the record, and reads as missing for others', async () => {
  const [facility, other] = facilities as [string, string];
  const id = await registered(world, { facility });
  const self = await registered(world, { facility }, { ...person(), subject: randomUUID() });
  for (const who of [hospital(other), person(self), person()]) {
    expect(await erase(id, who)).toBe('UnknownProfessional');
  }
  expect(await erase(self, hospital(facility))).toBe('UnknownProfessional');
  expect(await erase('x', hospital(facility))).toBe('UnknownProfessional');
  expect(await erase(id, { role: 'health-office', areas: [''] })).toBe('FORBIDDEN');
  expect(await erase(id, hospital(facility))).toBe('ProfessionalErased');
  expect(await erase(id, hospital(facility))).toBe('ProfessionalErased');
  const { rows } = await world.pool.query(
    `SELECT found, count(*)::int AS count FROM audit_entry WHERE action = 'ERASE' AND people = ARRAY[$1::uuid] GROUP BY found ORDER BY found`,
    [id],
  );
  expect(rows).toEqual([
    { found: false, count: 3 },
    { found: true, count: 2 },
  ]);
});
