import { forbidden, may, type Caller } from './caller.js';
import { claimSetFrom, claimSetKey, type Grant } from './claims.js';
import { holdsRole, limitAreas, reachOf } from './grants.js';

const caller = (grants: unknown, rest: object = {}): Caller => ({
  claims: claimSetFrom({ grants, ...rest }),
});
const DISPATCH_AND_STAFF: Partial<Grant>[] = [
  { role: 'dispatch', areas: ['05315'] },
  { role: 'crisis-staff', areas: ['09162'] },
  { role: 'hospital', facilities: ['a'] },
  { role: 'supplier', areas: ['14'], organisations: ['o'] },
];

describe('a token that states its roles one by one', () => {
  const who = caller(DISPATCH_AND_STAFF);

  test.each([
    ['stocks:book', { area: '09162' }, true],
    ['stocks:book', { area: '05315' }, false],
    ['stocks:book', { facility: 'a', area: '05315' }, true],
    ['stocks:book', { organisation: 'o' }, true],
    ['supplies:request', { area: '14511' }, false],
    ['supplies:offer', { organisation: 'o' }, true],
    ['supplies:request', { organisation: 'o' }, false],
    ['transport:assign', { area: '05315' }, true],
    ['transport:assign', { area: '09162' }, true],
    ['transport:assign', { area: '14511' }, false],
    ['vehicles:report', { area: '09162' }, false],
    ['vehicles:report', { area: '05315' }, true],
  ])('gives %s for %j: %p', (scope, within, expected) => {
    expect(may(who, scope, within)).toBe(expected);
  });

  test('holds each role in its own areas alone', () => {
    expect(reachOf(who, { roles: new Set(['dispatch']) })).toEqual({
      areas: ['05315'],
      facilities: [],
      organisations: [],
    });
    expect(reachOf(who, { scope: 'patients:read' }).areas.toSorted()).toEqual(['05315', '09162']);
    expect(holdsRole(who, { scope: 'batches:recall', roles: new Set(['dispatch']) })).toBe(false);
    expect(holdsRole(who, { roles: new Set(['dispatch']) })).toBe(true);
  });

  test('with the areas of some roles keeps what the others act for by id', () => {
    const limited = limitAreas(who, new Set(['dispatch']));
    expect(limited.claims.areas).toEqual(['05315']);
    expect(may(limited, 'stocks:book', { area: '09162' })).toBe(false);
    expect(may(limited, 'stocks:book', { facility: 'a' })).toBe(true);
  });

  test('says in a refusal where the scope holds, and not where other roles do', () => {
    expect(forbidden(who, 'vehicles:report').message).toContain('the token covers areas 05315');
    expect(forbidden(who, 'vehicles:report').message).not.toContain('09162');
  });

  test('gets nothing of other roles and areas beside the list', () => {
    const wider = caller([{ role: 'dispatch', areas: ['05315'] }], {
      roles: ['crisis-staff'],
      areas: [''],
      facilities: ['a'],
    });
    expect(wider.claims).toMatchObject({ roles: ['dispatch'], areas: ['05315'], facilities: [] });
    expect(may(wider, 'batches:recall')).toBe(false);
  });

  test.each([
    [null],
    ['dispatch'],
    [{ role: 'dispatch', areas: [''] }],
    [[null, 'x', { areas: [''] }]],
  ])('that cannot be read gives no right: %j', (grants) => {
    expect(caller(grants).claims).toMatchObject({ roles: [], scopes: [], areas: [], grants: [] });
  });

  test('ignores unknown roles, that of the hub’s services, and areas that do not exist', () => {
    const { claims } = caller([
      { role: 'subgraph', areas: [''] },
      { role: 'emperor', areas: [''] },
      { role: 'dispatch', areas: ['5', '0531'] },
    ]);
    expect(claims).toMatchObject({ roles: ['dispatch'], areas: [] });
    expect(claims.scopes).not.toContain('sustainability:declare');
  });

  test('shares responses with the same list in another order, and with no other', () => {
    const keyOf = (grants: unknown) => claimSetKey(caller(grants).claims);
    const [dispatch, staff] = DISPATCH_AND_STAFF;
    expect(keyOf([dispatch, staff])).toBe(keyOf([staff, dispatch, dispatch]));
    const exchanged = [
      { role: 'dispatch', areas: ['09162'] },
      { role: 'crisis-staff', areas: ['05315'] },
    ];
    expect(keyOf([dispatch, staff])).not.toBe(keyOf(exchanged));
    const flat = { roles: ['dispatch', 'crisis-staff'], areas: ['05315', '09162'] };
    expect(keyOf([dispatch, staff])).not.toBe(claimSetKey(claimSetFrom(flat)));
  });
});

describe('a token that states roles and areas apart', () => {
  const flat = (claims: object): Caller => ({ claims: claimSetFrom({ ...claims }) });

  test('has each of its roles in all of its areas', () => {
    const both = flat({ roles: ['dispatch', 'health-office'], areas: ['05', '09'] });
    expect(may(both, 'batches:recall', { area: '05' })).toBe(true);
    expect(may(both, 'transport:assign', { area: '09' })).toBe(true);
  });

  test('leads no area as a hospital, and acts for no facility as a role that leads by area', () => {
    const both = flat({ roles: ['hospital', 'dispatch'], facilities: ['a'], areas: ['05'] });
    expect(may(both, 'closures:override', { facility: 'a', area: '09162' })).toBe(false);
    expect(may(both, 'closures:declare', { facility: 'a', area: '09162' })).toBe(true);
    expect(may(both, 'holds:place', { facility: 'b', area: '05315' })).toBe(false);
  });
});
