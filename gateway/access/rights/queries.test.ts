import { getIntrospectionQuery } from 'graphql';
import { Hospital } from '../../testing/hospital.js';

let hospital: Hospital;
let partner: string;
let spoc: string;
let staff: string;
let national: string;
beforeAll(async () => {
  hospital = await Hospital.open();
  partner = await hospital.authorization('partner');
  spoc = await hospital.authorization('spoc');
  staff = await hospital.authorization('crisis-staff');
  national = await hospital.authorization('partner', ['']);
});
afterAll(() => hospital.close());

beforeEach(() => {
  hospital.requests();
});

/** The result, with errors as the paths that were denied. */
async function seen(who: string, query: string, variables: object = {}, operationName?: string) {
  const response = await hospital.request(who, query, variables, operationName);
  const { data, errors = [] } = response;
  expect(response).not.toHaveProperty('extensions');
  const denied = errors.map(({ path, extensions }) => {
    expect(extensions).toEqual({ code: 'UNAUTHORIZED_FIELD_OR_TYPE' });
    return path?.join('.');
  });
  return { data, denied };
}

describe('a denied field', () => {
  it('is null with an error at its path, and nothing is fetched for it', async () => {
    expect(await seen(partner, '{ open secret }')).toEqual({
      data: { open: 'open', secret: null },
      denied: ['secret'],
    });
    expect(hospital.requests()).toEqual(['ward: {open}']);
  });

  it('is refused with the right that is missing', async () => {
    const { errors } = await hospital.request(partner, '{ secret national }');
    expect(errors).toMatchObject([
      {
        message: expect.stringMatching(
          /it needs the scope beds:report \(role .*hospital.*\), which the roles/,
        ),
      },
      { message: expect.stringContaining('it needs the policy germany-wide, which the roles') },
    ]);
  });

  it('is given to those who may see it', async () => {
    expect(await seen(staff, '{ open secret strict }')).toEqual({
      data: { open: 'open', secret: 'the secret', strict: 'strict' },
      denied: [],
    });
  });

  it('makes null of what must not hold null', async () => {
    expect(await seen(partner, '{ open strict }')).toEqual({ data: null, denied: ['strict'] });
  });

  it('has the position and the name that the client gave it', async () => {
    const { data } = await seen(partner, '{ a: secret open b: secret }');
    expect(JSON.stringify(data)).toBe('{"a":null,"open":"open","b":null}');
  });

  it('asks no subgraph when nothing else is selected', async () => {
    expect(await seen(partner, '{ secret }')).toEqual({
      data: { secret: null },
      denied: ['secret'],
    });
    const all = '{ ... on Query { secret ...F } } fragment F on Query { vault { door } grade }';
    expect(await seen(partner, all)).toEqual({
      data: { secret: null, vault: null, grade: null },
      denied: ['secret', 'vault', 'grade'],
    });
    expect(hospital.requests()).toEqual([]);
  });

  it('leaves its object: that there is one is no secret', async () => {
    expect(await seen(partner, '{ patient { diagnosis } }')).toEqual({
      data: { patient: { diagnosis: null } },
      denied: ['patient.diagnosis'],
    });
    expect(hospital.requests()).toEqual(['ward: {patient{__typename}}']);
  });

  it('in another subgraph is not fetched there', async () => {
    expect(await seen(partner, '{ patient { id letters(first: 1) surcharge } }')).toEqual({
      data: { patient: { id: 'p1', letters: null, surcharge: null } },
      denied: ['patient.letters', 'patient.surcharge'],
    });
    expect(hospital.requests()).toEqual(['ward: {patient{id}}']);
  });

  it('takes its variables and fragments along', async () => {
    const query = `query Q($first: Int!, $code: Int, $skip: Boolean!) {
      patient { id letters(first: $first) ...P @skip(if: $skip) }
      secret(code: $code)
    }
    fragment P on Patient { diagnosis }`;
    const variables = { first: 1, code: 3, skip: false };
    expect(await seen(partner, query, variables)).toEqual({
      data: { patient: { id: 'p1', letters: null, diagnosis: null }, secret: null },
      denied: ['patient.letters', 'patient.diagnosis', 'secret'],
    });
    expect(hospital.requests()).toEqual(['ward: query Q__ward__0{patient{id}}']);
    const wrong = await hospital.request(partner, query, { ...variables, first: 'x' });
    expect(wrong.errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT');
    expect((await seen(staff, query, variables)).data).toEqual({
      patient: { id: 'p1', letters: ['a'], diagnosis: 'the diagnosis' },
      secret: 'the secret',
    });
  });

  it('is not spoken of when it is not selected', async () => {
    const query = `query ($yes: Boolean = true, $no: Boolean!) {
      open
      a: secret @skip(if: $yes) b: secret @include(if: $no) c: secret @include(if: false)
      d: secret @include(if: $yes)
      ... @skip(if: $yes) { e: secret }
    }`;
    expect(await seen(partner, query, { no: false })).toEqual({
      data: { open: 'open', d: null },
      denied: ['d'],
    });
    expect(await seen(partner, query, { no: true, yes: false })).toEqual({
      data: { open: 'open', a: null, b: null, e: null },
      denied: ['a', 'b', 'e'],
    });
  });

  it('in a fragment has the path of each spread of the fragment', async () => {
    const query = `{ patient { ...P } all: patients { ...P } }
      fragment P on Patient { id ...D }
      fragment D on Patient { diagnosis }`;
    const nothing = { id: 'p1', diagnosis: null };
    expect(await seen(spoc, query)).toEqual({
      data: { patient: nothing, all: [nothing, { ...nothing, id: 'p2' }] },
      denied: ['patient.diagnosis', 'all.@.diagnosis'],
    });
  });
});

describe('a rule', () => {
  it('of scopes is met by all of any one list', async () => {
    expect((await seen(spoc, '{ either }')).data).toEqual({ either: 'either' });
    expect((await seen(partner, '{ either }')).data).toEqual({ either: null });
  });

  it('of policy is met by what the gateway knows under its name', async () => {
    expect((await seen(national, '{ national }')).data).toEqual({ national: 'national' });
    expect((await seen(partner, '{ national }')).data).toEqual({ national: null });
  });

  it('of being signed in is met by everybody with a token', async () => {
    expect((await seen(partner, '{ signedIn }')).data).toEqual({ signedIn: 'signed in' });
  });

  it('of a type stands before every field that gives it, together with those of its fields', async () => {
    const query = '{ patient { vault { code door } } }';
    expect(await seen(partner, query)).toEqual({
      data: { patient: { vault: null } },
      denied: ['patient.vault'],
    });
    expect(await seen(spoc, query)).toEqual({
      data: { patient: { vault: { code: null, door: 'the door' } } },
      denied: ['patient.vault.code'],
    });
    expect(await seen(staff, `${query.slice(0, -1)} grade }`)).toEqual({
      data: { patient: { vault: { code: 'the code', door: 'the door' } }, grade: 'HIGH' },
      denied: [],
    });
    expect((await seen(spoc, '{ grade }')).denied).toEqual(['grade']);
  });

  it('of one implementation stands before the field of the interface', async () => {
    expect(await seen(spoc, '{ carers { name shift } }')).toEqual({
      data: {
        carers: [
          { name: 'Ina', shift: null },
          { name: 'Udo', shift: null },
        ],
      },
      denied: ['carers.@.shift'],
    });
    const byType =
      '{ carers { ... on Nurse { shift } ... on Doctor { shift name } } nurses { shift } }';
    expect(await seen(spoc, byType)).toEqual({
      data: {
        carers: [{ shift: 'early' }, { shift: null, name: 'Udo' }],
        nurses: [{ shift: 'early' }],
      },
      denied: ['carers.@.shift'],
    });
    for (const selection of ['shift ... on Nurse { shift }', '... on Nurse { shift } shift']) {
      expect(await seen(spoc, `{ carers { ${selection} } }`)).toEqual({
        data: { carers: [{ shift: 'early' }, { shift: null }] },
        denied: ['carers.@.shift'],
      });
    }
    expect((await seen(staff, '{ carers { shift } }')).data).toEqual({
      carers: [{ shift: 'early' }, { shift: 'late' }],
    });
  });

  it('of a member of a union stands before what is selected of that member', async () => {
    const query = '{ locations { __typename ... on Room { number } ... on Vault { door } } }';
    expect(await seen(partner, query)).toEqual({
      data: {
        locations: [
          { __typename: 'Room', number: 7 },
          { __typename: 'Vault', door: null },
        ],
      },
      denied: ['locations.@.door'],
    });
    expect((await seen(spoc, query)).data?.['locations'][1]).toEqual({
      __typename: 'Vault',
      door: 'the door',
    });
  });
});

describe('a field that the planner fetches for itself', () => {
  it('is fetched also for those who may not see it', async () => {
    expect(await seen(partner, '{ patient { bill } }')).toEqual({
      data: { patient: { bill: 12 } },
      denied: [],
    });
    expect(await seen(staff, '{ patient { surcharge } }')).toEqual({
      data: { patient: { surcharge: 'for the diagnosis' } },
      denied: [],
    });
  });

  it.each([
    ['under its own name', 'insurance', { insurance: null }],
    ['under the name of another field', 'id: insurance', { id: null }],
    ['in a fragment', '... on Patient { insurance }', { insurance: null }],
    ['twice', 'insurance i: insurance', { insurance: null, i: null }],
    ['beside another field under its name', 'insurance: id', { insurance: 'p1' }],
    ['as the field it is not', '__typename: insurance', { __typename: null }],
    ['under a name of the gateway', 'gatewayOwn_a: insurance', { gatewayOwn_a: null }],
    ['under the name of what it is', 'insurance: __typename', { insurance: 'Patient' }],
  ])('cannot be read through that: %s', async (_, selection, shown) => {
    const { data } = await hospital.request(partner, `{ patient { ${selection} bill } }`);
    expect(data).toEqual({ patient: { ...shown, bill: 12 } });
    expect(hospital.requests()).toHaveLength(2);
  });

  it('leaves errors at the names of the client', async () => {
    const query = '{ all: patients { insurance: failing bill secret: diagnosis } }';
    const { data, errors } = await hospital.request(partner, query);
    const nothing = { insurance: null, bill: 12, secret: null };
    expect(data).toEqual({ all: [nothing, nothing] });
    expect(errors?.map(({ message, path }) => [message, path?.join('.')])).toEqual([
      [expect.stringContaining('Unauthorized'), 'all.@.secret'],
      ['not today', 'all.0.insurance'],
      ['not today', 'all.1.insurance'],
    ]);
  });

  it('is not what a client calls by its name', async () => {
    const query = '{ patient { diagnosis: whose surcharge insurance: id bill __typename: id } }';
    expect((await hospital.request(staff, query)).data).toEqual({
      patient: {
        diagnosis: 'crisis-staff',
        surcharge: 'for the diagnosis',
        insurance: 'p1',
        bill: 12,
        __typename: 'p1',
      },
    });
  });
});

describe('a mutation', () => {
  it('runs the fields its caller may and not the others', async () => {
    const query = 'mutation { a: write(text: "1") discharge(text: "2") b: write(text: "3") }';
    expect(await seen(partner, query)).toEqual({
      data: { a: '1', discharge: null, b: '3' },
      denied: ['discharge'],
    });
    expect(hospital.ward.written).toEqual(['1', '3']);
    expect(await seen(partner, 'mutation { discharge }')).toEqual({
      data: { discharge: null },
      denied: ['discharge'],
    });
    expect(hospital.ward.written).toEqual(['1', '3']);
  });
});

describe('information about the schema', () => {
  it('does not depend on rights, and shows none of them', async () => {
    const query = getIntrospectionQuery();
    const [everybody, somebody] = [
      await hospital.request(undefined, query),
      await seen(staff, query),
    ];
    expect(everybody.errors).toBeUndefined();
    expect(everybody.data).toEqual(somebody.data);
    expect(JSON.stringify(everybody.data)).not.toContain('"needs"');
    expect(await seen(partner, '{ __typename patient { __typename diagnosis } }')).toEqual({
      data: { __typename: 'Query', patient: { __typename: 'Patient', diagnosis: null } },
      denied: ['patient.diagnosis'],
    });
    const mixed = '{ secret __schema { queryType { ...N } } } fragment N on __Type { name }';
    expect(await seen(partner, mixed)).toEqual({
      data: { secret: null, __schema: { queryType: { name: 'Query' } } },
      denied: ['secret'],
    });
  });

  it('is all that callers without a token get', async () => {
    const { status, data, errors } = await hospital.request(undefined, '{ open }');
    expect(status).toBe(401);
    expect(data).toBeUndefined();
    expect(errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED');
    expect(hospital.requests()).toEqual([]);
  });
});

describe('one of several operations', () => {
  it('is judged by itself', async () => {
    const query =
      'query A { secret ...F } query B { open patient { ...G } } fragment F on Query { strict } fragment G on Patient { diagnosis }';
    expect(await seen(partner, query, {}, 'B')).toEqual({
      data: { open: 'open', patient: { diagnosis: null } },
      denied: ['patient.diagnosis'],
    });
    expect((await seen(partner, query, {}, 'A')).denied).toEqual(['secret', 'strict']);
  });
});
