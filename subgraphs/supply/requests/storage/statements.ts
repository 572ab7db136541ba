import { omit, selectionOf } from '../../../../shared/database/index.js';
import { storageSiteColumns } from '../../generated/columns.js';

const SITE = selectionOf(omit(storageSiteColumns, 'declaredBy'), 's');

export const SITES_BY_ID = {
  name: 'storage-sites-by-id',
  text: `SELECT ${SITE} FROM storage_site s WHERE s.id = ANY ($1::uuid[])`,
};

/** The rooms of facilities and organisations $1, by kind and unit. */
export const SITES_OF = {
  name: 'storage-sites-of',
  text: `
SELECT ${SITE} FROM storage_site s WHERE s.facility_id = ANY ($1::uuid[])
UNION ALL SELECT ${SITE} FROM storage_site s WHERE s.organisation_id = ANY ($1::uuid[]) ORDER BY kind, unit`,
};

const declaring = (holder: 'facility_id' | 'organisation_id') => `
INSERT INTO storage_site (${holder}, kind, unit, capacity, free, declared_at, declared_by)
VALUES ($1, $2::"StorageNeed", $3::"Unit", $4, $5, $6, $7)
ON CONFLICT (${holder}, kind, unit) DO UPDATE SET capacity = excluded.capacity, free = excluded.free,
  declared_at = excluded.declared_at, declared_by = excluded.declared_by
RETURNING id`;

export const DECLARE_OF_FACILITY = {
  name: 'declare-storage-of-facility',
  text: declaring('facility_id'),
};
export const DECLARE_OF_ORGANISATION = {
  name: 'declare-storage-of-organisation',
  text: declaring('organisation_id'),
};

/** The room of facility $1 for storage $2 and unit $3, locked: of two deliveries at once the second waits for the first. */
export const ROOM_LOCKED = {
  name: 'storage-room-locked',
  text: `
SELECT free::float8 AS free FROM storage_site
WHERE facility_id = $1 AND kind = $2::"StorageNeed" AND unit = $3::"Unit" FOR UPDATE`,
};

/** The quantity that is on its way to facility $1 for storage $2 in unit $3. */
export const IN_TRANSIT = {
  name: 'storage-in-transit',
  text: `
SELECT coalesce(sum(l.in_transit), 0)::float8 AS "inTransit"
FROM supply_request r JOIN supply_line l ON l.request_id = r.id JOIN item i ON i.id = l.item_id
WHERE r.facility_id = $1 AND l.in_transit > 0 AND i.storage = $2::"StorageNeed" AND i.unit = $3::"Unit"`,
};

/** Subtracts $4 from the room of facility $1 for storage $2 and unit $3, within its bounds. */
export const USE_ROOM = {
  name: 'use-storage-room',
  text: `
UPDATE storage_site SET free = least(capacity, greatest(0, free - $4::numeric))
WHERE facility_id = $1 AND kind = $2::"StorageNeed" AND unit = $3::"Unit"`,
};
