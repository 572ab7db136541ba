import { readFileSync } from 'node:fs';
import { parse, type EnumTypeDefinitionNode } from 'graphql';
import { projectPath } from '../../../shared/root.js';
import type { Phase } from '../generated/graphql.js';
import {
  common,
  competenceFor,
  isAtLeast,
  overlap,
  PHASES,
  refusalOf,
  strictest,
} from './rules.js';

test('the phases rise in the order of the schema', () => {
  const schema = parse(readFileSync(projectPath('shared/graphql/enums.graphql'), 'utf8'));
  const phase = schema.definitions.find(
    (definition): definition is EnumTypeDefinitionNode =>
      definition.kind === 'EnumTypeDefinition' && definition.name.value === 'Phase',
  );
  expect(phase!.values!.map(({ name }) => name.value)).toEqual(PHASES);
});

test('a phase is at least itself and whatever is milder', () => {
  expect(isAtLeast('CATASTROPHE', 'CATASTROPHE')).toBe(true);
  expect(isAtLeast('CATASTROPHE', 'PANDEMIC')).toBe(true);
  expect(isAtLeast('PANDEMIC', 'CATASTROPHE')).toBe(false);
});

test.each<[Phase[], Phase]>([
  [[], 'EVERYDAY'],
  [['MASS_CASUALTY'], 'MASS_CASUALTY'],
  [['PANDEMIC', 'ALLIANCE_CASE', 'CATASTROPHE'], 'ALLIANCE_CASE'],
  [['STATE_OF_DEFENCE', 'MASS_CASUALTY'], 'STATE_OF_DEFENCE'],
])('the strictest of %j is %s, whichever was declared first', (phases, expected) => {
  expect(strictest(phases.map((phase) => ({ phase })))).toBe(expected);
});

test.each([
  ['', '05315', true, '05315'],
  ['05315', '05', true, '05315'],
  ['05', '05', true, '05'],
  ['05', '09', false, undefined],
  ['053', '05515', false, undefined],
])('"%s" and "%s" overlap: %s', (one, other, expected, smaller) => {
  expect(overlap(one, other)).toBe(expected);
  if (smaller !== undefined) expect(common(one, other)).toBe(smaller);
});

test.each<[Phase, string, string, string]>([
  ['EVERYDAY', '05315', 'phases:declare', '05315'],
  ['MASS_CASUALTY', '05315', 'mass-casualties:declare', '05315'],
  ['SUPRAREGIONAL_MASS_CASUALTY', '05', 'catastrophes:declare', '05'],
  ['PANDEMIC', '05315', 'pandemics:declare', '05315'],
  ['CATASTROPHE', '05315', 'catastrophes:declare', '05315'],
  ['STATE_OF_CONSENT', '05315', 'federal-phases:declare', ''],
  ['STATE_OF_TENSION', '05315', 'federal-phases:declare', ''],
  ['ALLIANCE_CASE', '05315', 'federal-phases:declare', ''],
  ['STATE_OF_DEFENCE', '05315', 'federal-phases:declare', ''],
])('%s in %s needs %s in "%s"', (phase, area, scope, where) => {
  expect(competenceFor(phase, area)).toEqual({ scope, area: where });
});

const judge = (phase: Phase, area: string, legalBasis = 'Landeskatastrophenschutzgesetz') =>
  refusalOf({ phase, area, legalBasis });

test('everyday work is not declared', () => {
  expect(judge('EVERYDAY', '')).toMatchObject({ __typename: 'PhaseNotDeclarable' });
});

test.each<[Phase, string, number | undefined]>([
  ['MASS_CASUALTY', '05315', undefined],
  ['PANDEMIC', '05315', undefined],
  ['CATASTROPHE', '05315', undefined],
  ['SUPRAREGIONAL_MASS_CASUALTY', '05315', 2],
  ['SUPRAREGIONAL_MASS_CASUALTY', '053', 2],
  ['SUPRAREGIONAL_MASS_CASUALTY', '05', undefined],
  ['SUPRAREGIONAL_MASS_CASUALTY', '', undefined],
  ['STATE_OF_CONSENT', '05', 0],
  ['STATE_OF_TENSION', '05', 0],
  ['ALLIANCE_CASE', '05', 0],
  ['STATE_OF_DEFENCE', '05', 0],
])('%s in "%s" is refused above %s digits', (phase, area, mostDigits) => {
  const refusal = judge(phase, area);
  expect(refusal).toEqual(
    mostDigits === undefined
      ? undefined
      : expect.objectContaining({ __typename: 'AreaTooNarrow', area, mostDigits }),
  );
});

test.each(['', '   ', 'x'.repeat(501)])('no phase without a legal basis: "%s"', (legalBasis) => {
  expect(judge('MASS_CASUALTY', '05315', legalBasis)).toMatchObject({
    __typename: 'InvalidLegalBasis',
    article: null,
  });
});

test.each<[Phase, string, boolean]>([
  ['ALLIANCE_CASE', 'Art. 80a Abs. 3 GG, Beschluss des Nordatlantikrats', true],
  ['STATE_OF_TENSION', 'Artikel 80 a Absatz 1 des Grundgesetzes', true],
  ['STATE_OF_CONSENT', 'art 80a gg', true],
  ['STATE_OF_CONSENT', 'Art. 115a GG', false],
  ['STATE_OF_TENSION', 'Art. 80 GG', false],
  ['ALLIANCE_CASE', 'Art. 80a', false],
  ['ALLIANCE_CASE', 'Beschluss des Nordatlantikrats', false],
  ['STATE_OF_DEFENCE', 'Art. 115a Abs. 1 GG', true],
  ['STATE_OF_DEFENCE', 'Art. 80a GG', false],
])('%s on the ground of "%s": %s', (phase, legalBasis, isEnough) => {
  const article = phase === 'STATE_OF_DEFENCE' ? 'Art. 115a GG' : 'Art. 80a GG';
  const refusal = judge(phase, '', legalBasis);
  if (isEnough) expect(refusal).toBeUndefined();
  else expect(refusal).toMatchObject({ __typename: 'InvalidLegalBasis', article });
});
