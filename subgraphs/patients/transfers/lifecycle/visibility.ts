import { type Caller, reachOf } from '../../../../shared/identity/index.js';
import { isInAreas, rolesThatRead } from '../../../../shared/identity/rules.js';
import { patientVisibilityOf } from '../../access/index.js';
import { READ_BY_AREA } from '../../access/rules.js';
import { type OutboxEvent, tagValues } from '../../../../shared/outbox/index.js';

/** The transfers that a caller may know of: the first four parameters of every statement that reads them. */
export interface TransferVisibility {
  areas: readonly string[];
  facilities: readonly string[];
  /** Areas for which the caller may have to approve clinical transfers. */
  clinical: readonly string[];
  /** And strategic ones. */
  strategic: readonly string[];
}

export function transferVisibilityOf(caller: Caller): TransferVisibility {
  const approving = (what: 'CLINICAL_APPROVALS' | 'STRATEGIC_APPROVALS') =>
    reachOf(caller, { scope: 'transfers:approve', roles: rolesThatRead(READ_BY_AREA, what) }).areas;
  return {
    ...patientVisibilityOf(caller),
    clinical: approving('CLINICAL_APPROVALS'),
    strategic: approving('STRATEGIC_APPROVALS'),
  };
}

/** Whether the caller sees transfers by facilities alone. */
export function seesFacilitiesOnly({ areas, clinical, strategic }: TransferVisibility): boolean {
  return areas.length === 0 && clinical.length === 0 && strategic.length === 0;
}

export function transferVisibilityValues({
  areas,
  facilities,
  clinical,
  strategic,
}: TransferVisibility) {
  return [areas, facilities, clinical, strategic] as const;
}

/** Whether the caller may know of the transfer that an event is about; the same rule as in the statements. */
export function mayReceive(
  visibility: TransferVisibility,
  event: Pick<OutboxEvent, 'area' | 'tags'>,
): boolean {
  const of = (key: string) => tagValues(event, key);
  const [kind] = of('kind');
  const isWithin = (areas: readonly string[], code: string) => isInAreas(areas, code);
  if (isWithin(visibility.areas, event.area)) return true;
  if (of('facility').some((facility) => visibility.facilities.includes(facility))) return true;
  if (kind === 'PRIMARY') return false;
  if (kind !== 'STRATEGIC' && kind !== 'INTERNATIONAL') {
    return of('from').some((code) => isWithin(visibility.clinical, code));
  }
  return [...of('from'), ...of('to')].some((code) => isWithin(visibility.strategic, code));
}
