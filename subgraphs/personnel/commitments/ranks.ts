import { readFileSync } from 'node:fs';
import { projectPath } from '../../../shared/root.js';
import type { Phase } from '../generated/graphql.js';
import { bindingRanks, type RankRule } from './rules/ranks.js';

/** The rules of `data/commitment-ranks`, those of the past and of the future included. */
export const COMMITMENT_RANKS = JSON.parse(
  readFileSync(projectPath('data/commitment-ranks/commitment-ranks.json'), 'utf8'),
) as readonly RankRule[];

/** Returns the first two parameters of `binding_commitments` for a phase: kinds and ranks. */
export function rankValues(phase: Phase, at: Date): [kinds: string[], ranks: number[]] {
  const rules = bindingRanks(COMMITMENT_RANKS, phase, at);
  return [rules.map(({ kind }) => kind), rules.map(({ rank }) => rank)];
}
