import { isIntakeClaim } from './events.js';

test.each([
  ['capacity.beds-claimed', [], true],
  ['capacity.beds-freed', [], true],
  ['capacity.beds-claimed', ['category:ECMO'], false],
  ['capacity.intake-declared', ['intake:SK_I'], false],
  // As earlier releases wrote them.
  ['capacity.beds-claimed', ['SK_I', 'SK_II'], true],
  ['capacity.beds-claimed', ['ECMO', 'SK_I'], false],
])('the event %s with the tags %j concerns an intake alone: %s', (topic, tags, expected) => {
  expect(isIntakeClaim({ topic, tags })).toBe(expected);
});
