import type { Database } from '../database.js';
import { cursorOf, placeOf } from '../facilities/page.js';
import { Prisma } from '../generated/prisma/client.js';
import type { ReservationFilter } from '../generated/graphql.js';

export interface ReservationPage {
  edges: { cursor: string; node: { id: string } }[];
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  /** Read when it is asked for. */
  totalCount: () => Promise<number>;
}

interface Page {
  filter: ReservationFilter;
  first: number;
  after: string | null | undefined;
}

/** A page of reservations, newest first. */
export async function pageOf(
  prisma: Database['prisma'],
  now: Date,
  { filter, first, after }: Page,
): Promise<ReservationPage> {
  const start = after == null ? undefined : placeOf(after, 'age');
  const where = matching(filter, now);
  const behind = start
    ? Prisma.sql`(r.created_at, r.seq) < (${new Date(start.value)}, (SELECT seq FROM reservation WHERE id = ${start.id}::uuid))`
    : Prisma.sql`true`;
  const rows = await prisma.$queryRaw<{ id: string; createdAt: Date }[]>`
    SELECT r.id, r.created_at AS "createdAt" FROM reservation r WHERE ${where} AND ${behind}
    ORDER BY r.created_at DESC, r.seq DESC LIMIT ${first + 1}`;
  return {
    edges: rows.slice(0, first).map(({ id, createdAt }) => ({
      cursor: cursorOf({ order: 'age', value: createdAt.getTime(), id }),
      node: { id },
    })),
    hasNextPage: rows.length > first,
    hasPreviousPage: start !== undefined,
    totalCount: async () => {
      const [row] = await prisma.$queryRaw<{ count: number }[]>`
        SELECT count(*)::int AS count FROM reservation r WHERE ${where}`;
      return row!.count;
    },
  };
}

function matching({ facility, area, keeping }: ReservationFilter, now: Date): Prisma.Sql {
  const places: Prisma.Sql[] = [];
  if (facility != null) places.push(Prisma.sql`i.facility_id = ${facility}::uuid`);
  if (area) {
    places.push(
      Prisma.sql`i.facility_id IN (SELECT id FROM facility WHERE starts_with(area, ${area}))`,
    );
  }
  const kept = Prisma.sql`NOT i.settled AND i.redeemed_at IS NULL AND i.expires_at > ${now}`;
  const conditions: Prisma.Sql[] = [];
  if (places.length > 0 && keeping !== true) conditions.push(having(places));
  if (keeping === true) conditions.push(having([...places, kept]));
  if (keeping === false) conditions.push(Prisma.sql`NOT ${having([...places, kept])}`);
  return conditions.length > 0 ? Prisma.join(conditions, ' AND ') : Prisma.sql`true`;
}

const having = (conditions: Prisma.Sql[]): Prisma.Sql =>
  Prisma.sql`r.id IN (SELECT i.reservation_id FROM reservation_item i WHERE ${Prisma.join(conditions, ' AND ')})`;
