import { readFileSync } from 'node:fs';
import { projectPath } from '../../../shared/root.js';
import type { Phase } from '../generated/graphql.js';
import type { CommitmentKind } from '../generated/prisma/client.js';
import { bindingRanks, type RankRule, ranksInForce } from './rules/ranks.js';

/** The rules of `data/commitment-ranks`, those of the past and of the future included. */
export const COMMITMENT_RANKS = JSON.parse(
  readFileSync(projectPath('data/commitment-ranks/commitment-ranks.json'), 'utf8'),
) as readonly RankRule[];

/** The kind that is shown of no facility to anybody else: who is a reservist of the Bundeswehr. */
export const CONFIDENTIAL_KIND: CommitmentKind = 'BUNDESWEHR_RESERVE';

/** Returns the rule by which a kind of commitment binds at an instant; undefined if none is in force. */
export function rankOf(kind: CommitmentKind, at: Date): RankRule | undefined {
  return ranksInForce(COMMITMENT_RANKS, at).find((rule) => rule.kind === kind);
}

type RankValues = [kinds: string[], ranks: number[]];

/** Returns the first two parameters of `binding_commitments` for a phase: kinds and ranks. */
export function rankValues(phase: Phase, at: Date): RankValues {
  return valuesOf(bindingRanks(COMMITMENT_RANKS, phase, at));
}

/** Returns the parameters as they would be if nobody had a commitment of the confidential kind. */
export function openRankValues(phase: Phase, at: Date): RankValues {
  const rules = bindingRanks(COMMITMENT_RANKS, phase, at);
  return valuesOf(rules.filter(({ kind }) => kind !== CONFIDENTIAL_KIND));
}

function valuesOf(rules: readonly RankRule[]): RankValues {
  return [rules.map(({ kind }) => kind), rules.map(({ rank }) => rank)];
}
