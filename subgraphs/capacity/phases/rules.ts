import {
  invalid,
  noneWithCode,
  noneWithId,
  type WithTypename,
} from '../../../shared/validation/rules.js';
import type { PhaseDeclaration } from '../generated/prisma/client.js';
import type {
  PhaseDeclarationExists,
  AreaTooNarrow,
  InvalidLegalBasis,
  Phase,
  PhaseDeclarationEnded,
  PhaseNotDeclarable,
  UnknownArea,
  UnknownPhaseDeclaration,
} from '../generated/graphql.js';

/** A declaration as it is kept, without the number that only orders it. */
export type DeclaredPhase = Omit<PhaseDeclaration, 'seq'>;

/** The phases in rising strictness. */
export const PHASES = [
  'EVERYDAY',
  'MASS_CASUALTY',
  'SUPRAREGIONAL_MASS_CASUALTY',
  'PANDEMIC',
  'CATASTROPHE',
  'STATE_OF_CONSENT',
  'STATE_OF_TENSION',
  'ALLIANCE_CASE',
  'STATE_OF_DEFENCE',
] as const satisfies readonly Phase[];

const LONGEST_LEGAL_BASIS = 500;

/** The authority to declare a phase: the right, and the most digits of AGS of an area that it can be declared for. */
interface Competence {
  scope: string;
  mostDigits: 0 | 2 | 5;
}

const CATASTROPHE = 'catastrophes:declare';
const FEDERAL: Competence = { scope: 'federal-phases:declare', mostDigits: 0 };

/**
 * A mass casualty is the rescue service's of the Kreis, a pandemic the public health offices' (§ 28 IfSG), a catastrophe
 * the civil protection authorities', help from beyond the area the Land's; the phases of Art. 80a and 115a GG are the
 * Bundestag's or the federal government's, and hold for all of Germany.
 */
const COMPETENCE: Readonly<Record<Exclude<Phase, 'EVERYDAY'>, Competence>> = {
  MASS_CASUALTY: { scope: 'mass-casualties:declare', mostDigits: 5 },
  SUPRAREGIONAL_MASS_CASUALTY: { scope: CATASTROPHE, mostDigits: 2 },
  PANDEMIC: { scope: 'pandemics:declare', mostDigits: 5 },
  CATASTROPHE: { scope: CATASTROPHE, mostDigits: 5 },
  STATE_OF_CONSENT: FEDERAL,
  STATE_OF_TENSION: FEDERAL,
  ALLIANCE_CASE: FEDERAL,
  STATE_OF_DEFENCE: FEDERAL,
};

/** The article that lets emergency laws apply, and how a text names it: "Art. 80a Abs. 3 GG", "Artikel 80a Grundgesetz". */
const ARTICLE_80A = {
  name: 'Art. 80a GG',
  named: /\bart(ikel|\.)?\s*80\s?a\b.*\b(gg|grundgesetz)/is,
};
const ARTICLE_115A = {
  name: 'Art. 115a GG',
  named: /\bart(ikel|\.)?\s*115\s?a\b.*\b(gg|grundgesetz)/is,
};
const ARTICLES: Readonly<Partial<Record<Phase, typeof ARTICLE_80A>>> = {
  STATE_OF_CONSENT: ARTICLE_80A,
  STATE_OF_TENSION: ARTICLE_80A,
  ALLIANCE_CASE: ARTICLE_80A,
  STATE_OF_DEFENCE: ARTICLE_115A,
};

/** The refusal without the region, which is read when it is selected. */
export type AreaTooNarrowFacts = WithTypename<Omit<AreaTooNarrow, 'region'>>;
export type DeclarationRefusal =
  WithTypename<PhaseNotDeclarable | InvalidLegalBasis> | AreaTooNarrowFacts;

/** A refusal that shows a declaration as it is kept. */
export type WithDeclaration<T extends { __typename?: string }> = Omit<
  WithTypename<T>,
  'phaseDeclaration'
> & {
  phaseDeclaration: DeclaredPhase;
};

export function isAtLeast(phase: Phase, other: Phase): boolean {
  return PHASES.indexOf(phase) >= PHASES.indexOf(other);
}

/** Of several phases in force the strictest decides, whichever was declared first. */
export function strictest(declared: readonly { phase: Phase }[]): Phase {
  return declared.reduce<Phase>(
    (worst, { phase }) => (isAtLeast(phase, worst) ? phase : worst),
    'EVERYDAY',
  );
}

/** Whether two areas overlap: AGS prefixes lie in one another or apart. */
export function overlap(one: string, other: string): boolean {
  return one.startsWith(other) || other.startsWith(one);
}

/** Returns the part that two overlapping areas have in common: the smaller one. */
export function common(one: string, other: string): string {
  return one.length > other.length ? one : other;
}

/** The right to declare and to end a phase, and the area it must hold for. */
export function competenceFor(phase: Phase, area: string): { scope: string; area: string } {
  if (phase === 'EVERYDAY') return { scope: 'phases:declare', area };
  const { scope, mostDigits } = COMPETENCE[phase];
  return { scope, area: mostDigits === 0 ? '' : area };
}

/** Judges a declaration by itself; undefined when nothing speaks against it. */
export function refusalOf(input: {
  area: string;
  phase: Phase;
  legalBasis: string;
}): DeclarationRefusal | undefined {
  const { area, phase, legalBasis } = input;
  if (phase === 'EVERYDAY') {
    return {
      __typename: 'PhaseNotDeclarable',
      message:
        'EVERYDAY is what is left when nothing is declared; end the phases in force with endPhase.',
      phase,
    };
  }
  return tooNarrow(area, phase) ?? withoutBasis(phase, legalBasis);
}

function tooNarrow(
  area: string,
  phase: Exclude<Phase, 'EVERYDAY'>,
): AreaTooNarrowFacts | undefined {
  const { mostDigits } = COMPETENCE[phase];
  if (area.length <= mostDigits) return undefined;
  const expected =
    mostDigits === 0 ? 'all of Germany, the empty area' : 'a Land (2 digits) or all of Germany';
  return {
    __typename: 'AreaTooNarrow',
    message: `${phase} is declared for ${expected}; received "${area}". Declare it there, or a phase that this area may have.`,
    area,
    mostDigits,
  };
}

function withoutBasis(
  phase: Phase,
  legalBasis: string,
): WithTypename<InvalidLegalBasis> | undefined {
  const article = ARTICLES[phase];
  const isGiven = legalBasis.trim() !== '' && legalBasis.length <= LONGEST_LEGAL_BASIS;
  if (isGiven && (!article || article.named.test(legalBasis))) return undefined;
  const received =
    legalBasis.trim() === '' ? 'nothing' : isGiven ? `"${legalBasis}"` : legalBasis.length;
  const refusal = invalid(
    'InvalidLegalBasis',
    'legalBasis',
    `legalBasis states in 1 to ${LONGEST_LEGAL_BASIS} characters on which ground ${phase} is declared${article ? ` and names ${article.name}` : ''}; received ${received}.`,
  );
  return { ...refusal, article: article?.name ?? null };
}

export function phaseDeclarationExists(
  declaration: DeclaredPhase,
): WithDeclaration<PhaseDeclarationExists> {
  const { phase, hazard, area, declaredAt } = declaration;
  return {
    __typename: 'PhaseDeclarationExists',
    message: `${phase} for ${hazard} is in force in ${area || 'all of Germany'} since ${declaredAt.toISOString()}. Nothing is left to declare; \`phaseDeclaration\` is what stands.`,
    phaseDeclaration: declaration,
  };
}

export function phaseDeclarationEnded(
  declaration: DeclaredPhase,
): WithDeclaration<PhaseDeclarationEnded> {
  const { endedAt, endReason } = declaration;
  return {
    __typename: 'PhaseDeclarationEnded',
    message: `The phase was ended at ${endedAt!.toISOString()}, because: ${endReason}. Nothing is left to end; declare it again if it is needed.`,
    phaseDeclaration: declaration,
  };
}

export function unknownArea(area: string): WithTypename<UnknownArea> {
  return noneWithCode(
    'area',
    { field: 'area', name: 'AGS', given: area },
    'Take the code of one from `regions`; all of Germany is the empty text.',
  );
}

export function unknownPhaseDeclaration(id: string): WithTypename<UnknownPhaseDeclaration> {
  return noneWithId('phaseDeclaration', id, '`phases`');
}
