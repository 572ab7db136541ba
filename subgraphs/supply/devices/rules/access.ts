import type { Caller } from '../../../../shared/identity/index.js';
import type { DeviceFault } from '../../generated/prisma/client.js';

/** Roles that lead an area and see the faults of its facilities; a facility and a service see those of the facilities that their token names. */
const READS_BY_AREA: ReadonlySet<string> = new Set(['dispatch', 'health-office', 'crisis-staff']);

/** The faults that a caller may see: of these facilities, of facilities in these areas, and the cases of these service partners. */
export interface FaultVisibility {
  facilities: readonly string[];
  areas: readonly string[];
  partners: readonly string[];
}

export function visibleFaults(caller: Pick<Caller, 'claims'>): FaultVisibility {
  const { roles, areas, facilities, organisations } = caller.claims;
  return {
    facilities,
    areas: roles.some((role) => READS_BY_AREA.has(role)) ? areas : [],
    partners: isPartner(caller) ? organisations : [],
  };
}

function isPartner({ claims }: Pick<Caller, 'claims'>): boolean {
  return claims.scopes.includes('devices:service');
}

type FaultBounds = Pick<DeviceFault, 'facilityId' | 'area' | 'servicePartnerId'>;

/** Whether the viewer is the facility or leads its area: they see all of the fault. */
export function seesWhole({ facilities, areas }: FaultVisibility, fault: FaultBounds): boolean {
  return facilities.includes(fault.facilityId) || areas.some((area) => fault.area.startsWith(area));
}

/** Whether the fault is a case of the viewer as its service partner. */
export function isOwnCase(
  { partners }: FaultVisibility,
  { servicePartnerId }: FaultBounds,
): boolean {
  return servicePartnerId !== null && partners.includes(servicePartnerId);
}

export function sees(visibility: FaultVisibility, fault: FaultBounds): boolean {
  return seesWhole(visibility, fault) || isOwnCase(visibility, fault);
}
