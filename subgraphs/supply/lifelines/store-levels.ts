import type { PoolClient } from 'pg';
import type { LifelineReport } from '../generated/prisma/client.js';
import { SUDDEN_MS } from './rules/falls.js';
import { groupedBy } from './rules/grouped.js';
import { isOwnWord } from './rules/kinds.js';
import { mostBefore, spansBefore } from './rules/levels-before.js';
import type { AcceptedLifelineReport } from './rules/reports.js';
import { HIGHEST_LEVELS } from './statements.js';
import { lifelineKey } from './store-sources.js';

interface HighestLevel extends Pick<LifelineReport, 'facilityId' | 'kind'> {
  since: Date;
  until: Date;
  most: number;
}

/**
 * Returns the most that a facility observed itself in the minutes before a report of its own, those of the same call included; undefined
 * where it observed nothing. At most two numbers are read for each report, however many levels lie there.
 */
export async function highestLevels(
  db: PoolClient,
  reports: readonly AcceptedLifelineReport[],
): Promise<(report: AcceptedLifelineReport) => number | undefined> {
  const own = reports.filter(({ method, stock }) => isOwnWord(method) && stock !== null);
  if (own.length === 0) return () => undefined;
  const lifelines = [...groupedBy(own, lifelineKey)].map(([key, ofLifeline]) => {
    const { facilityId, kind } = ofLifeline[0]!;
    const instants = ofLifeline.map(({ observedAt }) => observedAt.getTime());
    return { key, facilityId, kind, instants };
  });
  const spans = lifelines.flatMap(({ facilityId, kind, instants }) =>
    spansBefore(instants, SUDDEN_MS).map((span) => ({ facilityId, kind, ...span })),
  );
  const { rows } = await db.query<HighestLevel>({
    ...HIGHEST_LEVELS,
    values: [
      spans.map(({ facilityId }) => facilityId),
      spans.map(({ kind }) => kind),
      spans.map(({ from }) => new Date(from)),
      spans.map(({ until }) => new Date(until)),
    ],
  });
  const found = groupedBy(rows, lifelineKey);
  const most = new Map(
    lifelines.map(({ key, instants }) => {
      const levels = (found.get(key) ?? []).map(({ since, until, most: level }) => {
        return { from: since.getTime(), until: until.getTime(), most: level };
      });
      return [key, mostBefore(instants, SUDDEN_MS, levels)] as const;
    }),
  );
  return (report) => most.get(lifelineKey(report))?.get(report.observedAt.getTime());
}
