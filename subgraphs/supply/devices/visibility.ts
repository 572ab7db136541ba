import { type Caller, reachOf } from '../../../shared/identity/index.js';
import { areasToRead, isInAreas } from '../../../shared/identity/rules.js';
import { READ_BY_AREA } from '../access/rules.js';
import type { DeviceFault } from '../generated/prisma/client.js';

/** The faults that a caller may see: of these facilities, of facilities in these areas, and the cases of these service partners. */
export interface FaultVisibility {
  facilities: readonly string[];
  areas: readonly string[];
  partners: readonly string[];
}

export function faultVisibilityOf(caller: Pick<Caller, 'claims'>): FaultVisibility {
  return {
    facilities: reachOf(caller, {}).facilities,
    areas: areasToRead(READ_BY_AREA, caller, 'DEVICE_FAULTS'),
    partners: reachOf(caller, { scope: 'devices:service' }).organisations,
  };
}

type FaultBounds = Pick<DeviceFault, 'facilityId' | 'area' | 'servicePartnerId'>;

/** Whether the caller is the facility or leads its area: they see all of the fault. */
export function seesWhole({ facilities, areas }: FaultVisibility, fault: FaultBounds): boolean {
  return facilities.includes(fault.facilityId) || isInAreas(areas, fault.area);
}

/** Whether the fault is a case of the caller as its service partner. */
export function isOwnCase(
  { partners }: FaultVisibility,
  { servicePartnerId }: FaultBounds,
): boolean {
  return servicePartnerId !== null && partners.includes(servicePartnerId);
}

export function sees(visibility: FaultVisibility, fault: FaultBounds): boolean {
  return seesWhole(visibility, fault) || isOwnCase(visibility, fault);
}
