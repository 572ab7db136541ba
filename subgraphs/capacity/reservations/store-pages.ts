import { pageOf, type Page } from '../../../shared/lists/index.js';
import type { CasualtyVisibility } from '../access/index.js';
import type { Database } from '../database/database.js';
import { facilityCursors } from '../facilities/index.js';
import { Prisma } from '../generated/prisma/client.js';
import type { ReservationFilter } from '../generated/graphql.js';

export type ReservationPage = Page<{ id: string }>;

interface PageRequest {
  filter: ReservationFilter;
  first: number;
  after: string | null | undefined;
  visibility: CasualtyVisibility;
}

/** A page of reservations of which the caller sees a slot that matches, newest first. */
export async function reservationPage(
  prisma: Database['prisma'],
  now: Date,
  { filter, first, after, visibility }: PageRequest,
): Promise<ReservationPage> {
  const cursor = facilityCursors.age;
  const start = cursor.read(after);
  const where = matching(filter, visibility, now);
  const behind = start
    ? Prisma.sql`(r.created_at, r.seq) < (${new Date(start.value)}, (
        SELECT r.seq FROM reservation r WHERE r.id = ${start.id}::uuid AND ${having([isSeen(visibility)])}))`
    : Prisma.sql`true`;
  const rows = await prisma.$queryRaw<{ id: string; createdAt: Date }[]>`
    SELECT r.id, r.created_at AS "createdAt" FROM reservation r WHERE ${where} AND ${behind}
    ORDER BY r.created_at DESC, r.seq DESC LIMIT ${first + 1}`;
  return {
    ...pageOf(rows, first, {
      cursorOf: ({ id, createdAt }) => cursor.write({ value: createdAt.getTime(), id }),
      nodeOf: ({ id }) => ({ id }),
      hasPreviousPage: start !== undefined,
    }),
    totalCount: async () => {
      const [row] = await prisma.$queryRaw<{ count: number }[]>`
        SELECT count(*)::int AS count FROM reservation r WHERE ${where}`;
      return row!.count;
    },
  };
}

function matching(
  { facility, area, keeping }: ReservationFilter,
  visibility: CasualtyVisibility,
  now: Date,
): Prisma.Sql {
  const slots = [isSeen(visibility)];
  if (facility != null) slots.push(Prisma.sql`i.facility_id = ${facility}::uuid`);
  if (area) slots.push(Prisma.sql`starts_with(f.area, ${area})`);
  const kept = Prisma.sql`NOT i.settled AND i.redeemed_at IS NULL AND i.expires_at > ${now}`;
  if (keeping === true) return having([...slots, kept]);
  if (keeping !== false) return having(slots);
  return Prisma.sql`${having(slots)} AND NOT ${having([...slots, kept])}`;
}

const isSeen = ({ facilities, areas, spocAreas }: CasualtyVisibility): Prisma.Sql =>
  Prisma.sql`sees_reserved_slot(i.facility_id, f.area, r.origin_area, r.approved_by_spoc, ${facilities}::uuid[],
    ${areas}::text[], ${spocAreas}::text[])`;

const having = (conditions: Prisma.Sql[]): Prisma.Sql =>
  Prisma.sql`EXISTS (SELECT FROM reservation_item i JOIN facility f ON f.id = i.facility_id
    WHERE i.reservation_id = r.id AND ${Prisma.join(conditions, ' AND ')})`;
