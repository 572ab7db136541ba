import type { PoolClient } from 'pg';
import { namesOf, recordsOf, recordValues, selectionOf } from '../../../shared/database/index.js';
import { HOUR_MS } from '../../../shared/time/rules.js';
import { lifelineReportColumns, lifelineSourceColumns } from '../generated/columns.js';
import type { LifelineReport, LifelineSource } from '../generated/prisma/client.js';
import { FRESH_HOURS, MOST_COMPARED } from './rules/contradictions.js';
import type { AcceptedLifelineReport } from './rules/reports.js';
import { groupedBy } from './rules/grouped.js';
import { beyondSources, SOURCE_HOURS } from './rules/sources.js';

/** The sources of reporter $3 on the lifelines of facilities $1 of kinds $2 (in pairs) from which a report was received after $4. */
const SOURCES_IN_USE = {
  name: 'lifeline-sources-in-use',
  text: `SELECT s.facility_id AS "facilityId", s.kind, s.source FROM unnest($1::uuid[], $2::"LifelineKind"[]) AS given (facility_id, kind)
JOIN lifeline_source s USING (facility_id, kind) WHERE s.reported_by = $3 AND s.received_at > $4`,
};

const NOTE_SOURCES = {
  name: 'note-lifeline-sources',
  text: `
INSERT INTO lifeline_source (${namesOf(lifelineSourceColumns)})
SELECT ${namesOf(lifelineSourceColumns)} FROM ${recordsOf(lifelineSourceColumns, 1)} AS given
ORDER BY facility_id, kind, reported_by, source
ON CONFLICT (facility_id, kind, reported_by, source) DO UPDATE
SET observed_at = GREATEST(lifeline_source.observed_at, excluded.observed_at), received_at = excluded.received_at`,
};

/**
 * The newest report of each source and reporter on the lifelines of facilities $1 of kinds $2 (in pairs), observed from $3 on, of the $4
 * newest sources. A model contradicts nobody.
 */
const FRESH_REPORTS = {
  name: 'fresh-reports-of-lifelines',
  text: `SELECT ${selectionOf(lifelineReportColumns, 'r')}
FROM unnest($1::uuid[], $2::"LifelineKind"[]) AS given (facility_id, kind)
CROSS JOIN LATERAL (
  SELECT n.* FROM lifeline_source n WHERE n.facility_id = given.facility_id AND n.kind = given.kind AND n.observed_at >= $3
  ORDER BY n.observed_at DESC, n.reported_by, n.source LIMIT $4
) AS s
JOIN lifeline_report r ON r.facility_id = s.facility_id AND r.kind = s.kind AND r.source = s.source
  AND r.observed_at = s.observed_at AND r.reported_by = s.reported_by`,
};

/** Returns the reports whose sources are too many. Two calls at once may each bring the last ones. */
export async function reportsBeyondSources(
  db: PoolClient,
  reports: readonly AcceptedLifelineReport[],
  by: string,
  now: Date,
): Promise<ReadonlySet<AcceptedLifelineReport>> {
  const since = new Date(now.getTime() - SOURCE_HOURS * HOUR_MS);
  const byLifeline = groupedBy(reports, lifelineKey);
  const { rows } = await db.query<Pick<LifelineSource, 'facilityId' | 'kind' | 'source'>>({
    ...SOURCES_IN_USE,
    values: [...pairsOf(byLifeline), by, since],
  });
  const inUse = groupedBy(rows, lifelineKey);
  const beyond = [...byLifeline].flatMap(([key, ofLifeline]) =>
    beyondSources(
      ofLifeline,
      (inUse.get(key) ?? []).map(({ source }) => source),
    ),
  );
  return new Set(beyond);
}

/** Notes the sources of reports that were stored, and returns the newest report of each source that is compared, by the lifeline. */
export async function freshReports(
  db: PoolClient,
  received: readonly AcceptedLifelineReport[],
  by: string,
  now: Date,
): Promise<ReadonlyMap<string, LifelineReport[]>> {
  if (received.length === 0) return new Map();
  const sources = new Map<string, LifelineSource>();
  for (const { facilityId, kind, source, method, observedAt } of received) {
    const key = `${facilityId} ${kind} ${source}`;
    const known = sources.get(key)?.observedAt ?? null;
    const newest = known !== null && known > observedAt ? known : observedAt;
    const compared = method === 'MODELLED' ? known : newest;
    const row = { facilityId, kind, source, reportedBy: by, receivedAt: now };
    sources.set(key, { ...row, observedAt: compared });
  }
  await db.query({
    ...NOTE_SOURCES,
    values: recordValues(lifelineSourceColumns, [...sources.values()]),
  });
  const since = new Date(now.getTime() - FRESH_HOURS * HOUR_MS);
  const { rows } = await db.query<LifelineReport>({
    ...FRESH_REPORTS,
    values: [...pairsOf(groupedBy(received, lifelineKey)), since, MOST_COMPARED],
  });
  return groupedBy(rows, lifelineKey);
}

type LifelineName = Pick<LifelineReport, 'facilityId' | 'kind'>;

/** Names a lifeline by its facility and kind. */
export function lifelineKey({ facilityId, kind }: LifelineName): string {
  return `${facilityId} ${kind}`;
}

function pairsOf(byLifeline: ReadonlyMap<string, readonly LifelineName[]>): unknown[] {
  const lifelines = [...byLifeline.values()].map(([first]) => first!);
  return [lifelines.map(({ facilityId }) => facilityId), lifelines.map(({ kind }) => kind)];
}
