import type { RequestVisibility } from '../access/rules.js';
import { eventsFor, tagsOf } from './events.js';

const NOBODY: RequestVisibility = { areas: [], facilities: [], suppliers: [], supplierAreas: [] };
const event = (addressees: string[][], holders: string[] = []) => ({
  topic: 'supply.request-made',
  area: '05315',
  tags: tagsOf('hospital', addressees, holders),
});
const receives = (
  visibility: Partial<RequestVisibility>,
  tagged: ReturnType<typeof event>,
  filter: object = {},
) => eventsFor({ ...NOBODY, ...visibility }, filter)(tagged);

test('the facility and authorities of its area receive every event of a request', () => {
  expect(receives({ facilities: ['hospital'] }, event([['a']]))).toBe(true);
  expect(receives({ areas: ['05'] }, event([['a']]))).toBe(true);
  expect(receives({ areas: ['09'], facilities: ['other'] }, event([]))).toBe(false);
});

test('a supplier receives events of lines addressed to it, of open lines of its areas, and of its own commitments', () => {
  const supplier = { suppliers: ['a'], supplierAreas: ['05'] };
  expect(receives(supplier, event([['a', 'b']]))).toBe(true);
  expect(receives(supplier, event([['b']]))).toBe(false);
  expect(receives(supplier, event([['b'], []]))).toBe(true);
  expect(receives({ ...supplier, supplierAreas: ['09'] }, event([[]]))).toBe(false);
  expect(receives(supplier, event([], ['a']))).toBe(true);
  expect(receives(supplier, event([], ['b']))).toBe(false);
});

test('a supplier that names a facility receives nothing, so that naming one discloses nothing', () => {
  const supplier = { suppliers: ['a'], supplierAreas: [''] };
  expect(receives(supplier, event([['a'], []]), { facility: 'hospital' })).toBe(false);
  expect(receives({ areas: [''] }, event([]), { facility: 'hospital' })).toBe(true);
  expect(receives({ areas: [''] }, event([]), { facility: 'other' })).toBe(false);
});

test('events of other concepts and other areas are left out', () => {
  expect(receives({ areas: [''] }, { ...event([]), topic: 'supply.offer-made' })).toBe(false);
  expect(receives({ areas: [''] }, event([]), { area: '09' })).toBe(false);
  expect(receives({ areas: [''] }, event([]), { area: '053' })).toBe(true);
});
