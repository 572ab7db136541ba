import type { Method } from '../generated/graphql.js';
import { judgeCapabilities, supersedes } from './rules.js';

const input = {
  facility: 'f',
  source: 'duty manager',
  method: 'REPORTED' as const,
  capabilities: ['BURNS' as const, 'CHILD' as const, 'BURNS' as const],
  idempotencyKey: 'k',
};

test('a declaration says all that a facility can do, each once', () => {
  expect(judgeCapabilities(input)).toEqual({
    source: 'duty manager',
    method: 'REPORTED',
    traumaLevel: null,
    capabilities: ['BURNS', 'CHILD'],
  });
  expect(judgeCapabilities({ ...input, traumaLevel: 'REGIONAL' })).toMatchObject({
    traumaLevel: 'REGIONAL',
  });
});

test('a facility may say that it treats children and nobody else', () => {
  expect(judgeCapabilities({ ...input, childrenOnly: true })).toMatchObject({ childrenOnly: true });
});

test.each(['', ' ', 'x'.repeat(201)])('a declaration says whose it is', (source) => {
  expect(judgeCapabilities({ ...input, source })).toMatchObject({
    __typename: 'InvalidCapabilities',
    field: 'source',
  });
});

test.each<[Method, Method | undefined, boolean]>([
  ['MODELLED', undefined, true],
  ['MODELLED', 'MODELLED', true],
  ['MODELLED', 'REPORTED', false],
  ['MODELLED', 'ESTIMATED', false],
  ['REPORTED', undefined, true],
  ['REPORTED', 'MODELLED', true],
  ['IMPORTED', 'REPORTED', true],
])('a newer %s declaration after a %s one counts: %s', (method, before, counts) => {
  expect(supersedes({ method }, before && { method: before })).toBe(counts);
});
