import { claimSetFrom } from '../../../../shared/identity/claims.js';
import { permitReceiver } from './holders.js';
import { isOwn, seesAsSupplier, seesWhole } from './rules.js';
import { requestVisibilityOf } from './visibility.js';

const [HOSPITAL, OTHER, SUPPLIER, COMPETITOR] = ['hospital', 'other', 'supplier', 'competitor'];
const visibility = (role: string, claims: object = {}) =>
  requestVisibilityOf({
    claims: claimSetFrom({ roles: [role], areas: [], ...claims }),
    mayChange: false,
  } as never);
const REQUEST = { facilityId: HOSPITAL, area: '05315' };
const ACTIVE = { area: '05315', isOver: false };

test.each([
  ['the facility itself', visibility('hospital', { facilities: [HOSPITAL] }), true],
  ['another facility', visibility('hospital', { facilities: [OTHER], areas: ['05'] }), false],
  ['crisis staff of its Land', visibility('crisis-staff', { areas: ['05'] }), true],
  ['dispatch of its Kreis', visibility('dispatch', { areas: ['05315'] }), true],
  ['crisis staff of another Land', visibility('crisis-staff', { areas: ['09'] }), false],
  [
    'a supplier of the area',
    visibility('supplier', { areas: [''], organisations: [SUPPLIER] }),
    false,
  ],
  ['a chamber of the area', visibility('chamber', { areas: [''] }), false],
])('a request is seen whole by %s: %#', (_, who, expected) => {
  expect(seesWhole(who, REQUEST)).toBe(expected);
});

test('a line addressed to a supplier is seen by that supplier alone', () => {
  const line = { addressees: [SUPPLIER] };
  const supplier = visibility('supplier', { areas: ['05'], organisations: [SUPPLIER] });
  const competitor = visibility('supplier', { areas: ['05'], organisations: [COMPETITOR] });
  expect(seesAsSupplier(supplier, line, ACTIVE)).toBe(true);
  expect(seesAsSupplier(supplier, line, { ...ACTIVE, isOver: true })).toBe(true);
  expect(seesAsSupplier(competitor, line, ACTIVE)).toBe(false);
});

test('an open line is seen by suppliers whose token covers the area, while the request is not over', () => {
  const line = { addressees: [] };
  const supplier = visibility('supplier', { areas: ['05'], organisations: [SUPPLIER] });
  expect(seesAsSupplier(supplier, line, ACTIVE)).toBe(true);
  expect(seesAsSupplier(supplier, line, { ...ACTIVE, isOver: true })).toBe(false);
  expect(seesAsSupplier(supplier, line, { area: '09162', isOver: false })).toBe(false);
  const nobody = visibility('supplier', { areas: ['05'] });
  expect(seesAsSupplier(nobody, line, ACTIVE)).toBe(false);
});

test('another hospital sees a line only if it is addressed to it', () => {
  const other = visibility('hospital', { facilities: [OTHER] });
  expect(seesAsSupplier(other, { addressees: [] }, ACTIVE)).toBe(false);
  expect(seesAsSupplier(other, { addressees: [OTHER] }, ACTIVE)).toBe(true);
});

test('a supplier owns what its organisation holds, and nothing of a competitor', () => {
  const supplier = visibility('supplier', { organisations: [SUPPLIER] });
  expect(isOwn(supplier, { facilityId: null, organisationId: SUPPLIER })).toBe(true);
  expect(isOwn(supplier, { facilityId: null, organisationId: COMPETITOR })).toBe(false);
});

test('several roles together give no right to receive that none of them gives', () => {
  const receives = (roles: string[], claims: object) => {
    const caller = { claims: claimSetFrom({ roles, areas: [], ...claims }), mayChange: false };
    try {
      permitReceiver(caller as never, REQUEST);
      return true;
    } catch {
      return false;
    }
  };
  const supplier = { areas: ['05'], organisations: [SUPPLIER] };
  expect(receives(['supplier'], supplier)).toBe(false);
  expect(receives(['supplier', 'dispatch'], supplier)).toBe(false);
  expect(receives(['supplier', 'health-office'], supplier)).toBe(false);
  expect(receives(['hospital', 'supplier'], { ...supplier, facilities: [OTHER] })).toBe(false);
  expect(receives(['hospital', 'dispatch'], { areas: ['05'], facilities: [OTHER] })).toBe(false);
  expect(receives(['hospital'], { facilities: [HOSPITAL] })).toBe(true);
  expect(receives(['supplier', 'crisis-staff'], supplier)).toBe(true);
});
