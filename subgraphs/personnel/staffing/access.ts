import { type Caller, may } from '../../../shared/identity/index.js';

/** How much of the numbers of a facility a caller sees: all exactly, what a phase takes in steps, or nothing. */
export type Detail = 'EXACT' | 'STEPS' | 'NONE';

/** Sums of a Land and of what is larger are open to every role that reads personnel. */
const OPEN_DIGITS = 2;

/** Returns how much of a facility's staff the caller sees. */
export function detailOf(caller: Caller, facility: { id: string; area: string }): Detail {
  if (may(caller, 'staffing:read', { facility: facility.id })) return 'EXACT';
  return may(caller, 'staffing:read', { area: facility.area }) ? 'STEPS' : 'NONE';
}

/** Returns whether the caller sees sums of an area: an AGS prefix. */
export function seesArea(caller: Caller, area: string): boolean {
  return area.length <= OPEN_DIGITS || may(caller, 'staffing:read', { area });
}

/** Returns how much of a facility's staff the caller sees; nothing where there is no such facility. */
export async function detailAt(
  id: string,
  caller: Caller,
  facilities: { areaOf(id: string): Promise<string | undefined> },
): Promise<Detail> {
  if (!may(caller, 'staffing:read')) return 'NONE';
  const area = await facilities.areaOf(id);
  return area === undefined ? 'NONE' : detailOf(caller, { id, area });
}
