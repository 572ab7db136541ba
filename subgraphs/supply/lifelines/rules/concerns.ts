import { HOUR_MS } from '../../../../shared/time/rules.js';
import type { LifelineConcern } from '../../generated/graphql.js';
import type { Lifeline } from '../../generated/prisma/client.js';
import { isOwnWord } from './kinds.js';
import { hasAssumedLoad } from './limits.js';

/** A concern about a report stands for so long, as capacity lists falls, unless it is cleared before. */
const CONCERN_HOURS = 24;

/** Returns what of a lifeline a person must look at now. */
export function concernsOf(lifeline: Lifeline, now: Date): LifelineConcern[] {
  const { fellAt, risenAt, easedAt, contradictedUntil, method } = lifeline;
  const isRecent = (instant: Date | null) =>
    instant !== null && now.getTime() - instant.getTime() < CONCERN_HOURS * HOUR_MS;
  const concerns: Readonly<Record<LifelineConcern, boolean>> = {
    SUDDEN_FALL: isRecent(fellAt),
    SUDDEN_RISE: isRecent(risenAt),
    LOAD_DROPPED: isRecent(easedAt),
    SOURCES_CONTRADICT: contradictedUntil !== null && contradictedUntil > now,
    LOAD_ASSUMED: isOwnWord(method) && hasAssumedLoad(lifeline),
  };
  return CONCERNS.filter((concern) => concerns[concern]);
}

const CONCERNS: readonly LifelineConcern[] = [
  'SUDDEN_FALL',
  'SUDDEN_RISE',
  'LOAD_DROPPED',
  'SOURCES_CONTRADICT',
  'LOAD_ASSUMED',
];
