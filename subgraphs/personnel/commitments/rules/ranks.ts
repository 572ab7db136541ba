import type { Phase } from '../../generated/graphql.js';
import type { CommitmentKind } from '../../generated/prisma/client.js';

/** A rule of `data/commitment-ranks`: in which phases a kind of commitment binds, and before which others. */
export interface RankRule {
  id: string;
  kind: CommitmentKind;
  /** 1 wins over every other. */
  rank: number;
  phases: readonly Phase[];
  /** Where it stands. */
  source: string;
  /** First day on which the rule is in force, YYYY-MM-DD. */
  from: string;
  /** First day on which it no longer is; null while no end is known. */
  until: string | null;
}

/** Returns the rules in force on the day of an instant. */
export function ranksInForce(rules: readonly RankRule[], at: Date): RankRule[] {
  const day = at.toISOString().slice(0, 10);
  return rules.filter(({ from, until }) => from <= day && (until === null || day < until));
}

/** Returns the rules of the kinds of commitments that bind in a phase, the highest rank first. */
export function bindingRanks(rules: readonly RankRule[], phase: Phase, at: Date): RankRule[] {
  return ranksInForce(rules, at)
    .filter(({ phases }) => phases.includes(phase))
    .sort((a, b) => a.rank - b.rank);
}
