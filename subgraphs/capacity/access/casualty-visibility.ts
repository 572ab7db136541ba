import { type Caller, holdsRole, reachOf } from '../../../shared/identity/index.js';
import { rolesThatRead } from '../../../shared/identity/rules.js';
import { isUuid } from '../../../shared/validation/rules.js';
import { READ_BY_AREA } from './rules.js';

/**
 * Where a caller sees single casualties: the reserved slots of patients and what is left of an intake. Beds, limits and
 * closures are capacity and open to every role; see decision 21.
 */
export interface CasualtyVisibility {
  /** Facilities that the caller acts for. */
  facilities: readonly string[];
  /** AGS prefixes where the caller is control room or crisis staff. */
  areas: readonly string[];
  /** AGS prefixes of the Kleeblatt whose Single Point of Contact the caller is. */
  spocAreas: readonly string[];
  /** Id of the human or system that acts; null in a query, which shows a reservation to no one because they made it. */
  actor: string | null;
  /** Whether the intake of every facility is seen. */
  everyIntake: boolean;
}

/** A reserved slot with what decides who sees it. */
export interface ReservedSlot {
  facility: string;
  /** AGS of the facility's Kreis. */
  area: string;
  /** AGS of the Kreis that the patients come from; null where nobody said. */
  origin: string | null;
  /** Whether the Single Points of Contact of both ends approve the transfer. */
  approvedBySpoc: boolean;
}

/**
 * Returns the visibility that the token grants. A subgraph of the hub sees everything, because it acts for humans whose rights it has judged; a
 * machine of a partner (role `service`) sees what the facilities of its token see.
 */
export function casualtyVisibilityOf(caller: Caller): CasualtyVisibility {
  const isSubgraph = caller.subgraph !== undefined;
  const scope = 'reservations:read';
  const steering = { scope, roles: rolesThatRead(READ_BY_AREA, 'CASUALTIES') };
  const approving = { scope, roles: rolesThatRead(READ_BY_AREA, 'APPROVED_CASUALTIES') };
  return {
    facilities: reachOf(caller, { scope }).facilities.filter(isUuid),
    areas: reachOf(caller, isSubgraph ? {} : steering).areas,
    spocAreas: reachOf(caller, approving).areas,
    actor: caller.subject ?? null,
    everyIntake: isSubgraph || holdsRole(caller, steering),
  };
}

/** Whether the caller sees what is left of a facility's intake. */
export function seesIntake(
  { everyIntake, facilities }: CasualtyVisibility,
  facility: string,
): boolean {
  return everyIntake || facilities.includes(facility);
}

/** Whether the caller sees a reserved slot: the SQL function `sees_reserved_slot` decides the same of rows. */
export function seesReservedSlot(
  { facilities, areas, spocAreas }: Omit<CasualtyVisibility, 'actor' | 'everyIntake'>,
  { facility, area, origin, approvedBySpoc }: ReservedSlot,
): boolean {
  const isWithin = (prefixes: readonly string[]) =>
    prefixes.some((prefix) => area.startsWith(prefix) || (origin?.startsWith(prefix) ?? false));
  return (
    facilities.includes(facility) || isWithin(areas) || (approvedBySpoc && isWithin(spocAreas))
  );
}

/**
 * The condition that a reserved slot `i` of reservation `r` at facility `f` is seen. `first` is the number of the first of
 * four parameters, those of `casualtyVisibilityValues`.
 */
export const isSeen = (first: number) => `(
  r.created_by = $${first + 3}::text OR sees_reserved_slot(i.facility_id, f.area, r.origin_area, r.approved_by_spoc,
    $${first}::uuid[], $${first + 1}::text[], $${first + 2}::text[]))`;

export function casualtyVisibilityValues({
  facilities,
  areas,
  spocAreas,
  actor,
}: CasualtyVisibility) {
  return [facilities, areas, spocAreas, actor] as const;
}
