import type { CareLevelDeclaration } from '../generated/prisma/client.js';

/** A level as it is kept. */
export type DeclaredLevel = Pick<CareLevelDeclaration, 'level'> & {
  [Field in 'reason' | 'declaredAt']: CareLevelDeclaration[Field] | null;
};

/** Where nobody has said anything, care is assumed to be as usual. */
export const NOTHING_DECLARED: DeclaredLevel = {
  level: 'STANDARD',
  reason: null,
  declaredAt: null,
};

/**
 * Whether a facility is proposed for nobody: it cannot treat those it has as they should be, and the aim is that no facility
 * gets there or stays there (doi 10.1007/s00104-023-01975-x). A compensated one still takes patients.
 */
export function isOverwhelmed({ level }: Pick<DeclaredLevel, 'level'>): boolean {
  return level === 'DECOMPENSATED';
}
