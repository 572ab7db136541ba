import { filterFault } from './rules.js';

const at = (text: string) => new Date(text);

test.each([
  ['a tag instead of an id', { patient: 'A-1' }, '`Patient.id`'],
  ['an empty id', { patient: '' }, '`Patient.id`'],
  [
    'a period that ends before it begins',
    { from: at('2026-02-02T00:00:00Z'), until: at('2026-02-01T00:00:00Z') },
    'from lies before until',
  ],
])('%s is a fault of the caller, and no empty list', (_, filter, words) => {
  expect(filterFault(filter)).toContain(words);
});

test('an id, a period and nothing at all are filters', () => {
  const patient = '743844d4-82d7-8d09-be3d-3f37ad80b52e';
  for (const filter of [{}, { patient, from: at('2026-02-01T00:00:00Z') }, { patient: null }]) {
    expect(filterFault(filter)).toBeUndefined();
  }
});
