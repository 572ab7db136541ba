import type { WithTypename } from '../../../../shared/validation/rules.js';
import type { TooManySources } from '../../generated/graphql.js';

/** No reporter needs more names for one lifeline: who invents one for every report fills the hub, and says nothing by their difference. */
export const MOST_SOURCES = 20;
/** A source of which nothing was received for so long makes room for another. */
export const SOURCE_HOURS = 24;

/** Returns the reports of one reporter on one lifeline whose sources are too many, in the order given. */
export function beyondSources<Report extends { source: string }>(
  reports: readonly Report[],
  inUse: Iterable<string>,
): Report[] {
  const sources = new Set(inUse);
  return reports.filter(({ source }) => {
    if (sources.has(source)) return false;
    if (sources.size >= MOST_SOURCES) return true;
    sources.add(source);
    return false;
  });
}

export function tooManySources(source: string): WithTypename<TooManySources> {
  return {
    __typename: 'TooManySources',
    message: `A reporter has at most ${MOST_SOURCES} sources for one lifeline in ${SOURCE_HOURS} hours; received another one, ${source}. Report under a name that stays the same.`,
    mostSources: MOST_SOURCES,
  };
}
