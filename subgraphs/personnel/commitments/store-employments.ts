import type { ClientBase } from 'pg';
import type { CommitmentKind, StaffGroup } from '../generated/prisma/client.js';

/** An employment that an employer declares. */
export interface Employment {
  professional: string;
  kind: Extract<CommitmentKind, 'MAIN_EMPLOYER' | 'SIDE_JOB'>;
  /** Either this or the organisation. */
  facility: string | null;
  organisation: string | null;
  group: StaffGroup;
}

/** $1 a JSON list of employments, $2 instant, $3 pseudonym. */
const DECLARE_EMPLOYMENTS = `
INSERT INTO commitment (professional_id, kind, facility_id, organisation_id, staff_group, valid_from, declared_at, declared_by)
SELECT g.professional, g.kind, g.facility, g.organisation, g."group", $2::timestamptz, $2::timestamptz, $3::text
FROM jsonb_to_recordset($1::jsonb) AS g (professional uuid, kind "CommitmentKind", facility uuid, organisation uuid, "group" "StaffGroup")`;

/** Stores employments that hold from an instant on. */
export async function declareEmployments(
  db: ClientBase,
  employments: readonly Employment[],
  { at, by }: { at: Date; by: string },
): Promise<void> {
  await db.query({
    name: 'declare-employments',
    text: DECLARE_EMPLOYMENTS,
    values: [JSON.stringify(employments), at, by],
  });
}
