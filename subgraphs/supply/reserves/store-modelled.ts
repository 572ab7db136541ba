import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { idOfKey, inTransaction, recordValues } from '../../../shared/database/index.js';
import { projectPath } from '../../../shared/root.js';
import type { Database } from '../database/database.js';
import { reserveColumns } from '../generated/columns.js';
import { storeModelledOrganisations } from '../organisations/index.js';
import { PACKET_ITEMS } from './packets.js';
import { packetCover } from './rules.js';
import { STORE_MODELLED_RESERVES } from './statements.js';

const FILE = 'data/reserves/medical_packets.csv';
const NAME = 'Sanitätsmaterialbevorratung des Bundes';
const RULE =
  'By the Land in a disaster; in a state of defence they supplement its care (§ 23 ZSKG). Modelled: the agreement of the site is not published.';
/** Nothing is published; as long as it takes to find a lorry and to load it. */
const READINESS_HOURS = 4;

/** A row of the file: the packets of one Land, see its README for the rule. */
interface ModelledPackets {
  land: string;
  name: string;
  kreis: string;
  latitude: string;
  longitude: string;
  packets: string;
}

/**
 * Models the packets of the federal Sanitätsmaterialbevorratung of each Land, so that a hub without any registration shows what is
 * published of them. They have no stock, and are not released before somebody registers them. Reserves that are known stay.
 */
export async function modelReserves({ pool }: Database, now: Date): Promise<void> {
  const rows = parse<ModelledPackets>(readFileSync(projectPath(FILE)), { columns: true });
  const idOf = ({ land }: ModelledPackets) => idOfKey(`reserve medical-packet ${land}`);
  const organisationOf = ({ land }: ModelledPackets) => idOfKey(`organisation reserve ${land}`);
  await inTransaction(pool, async (db) => {
    const organisations = rows.map((row) => ({
      id: organisationOf(row),
      kind: 'DEPOT' as const,
      area: row.kreis,
      name: `Sites of federal medical material in ${row.name} (modelled)`,
      latitude: Number(row.latitude),
      longitude: Number(row.longitude),
    }));
    await storeModelledOrganisations(db, organisations, now);
    const reserves = rows.map((row) => ({
      id: idOf(row),
      organisationId: organisationOf(row),
      kind: 'MEDICAL_PACKET' as const,
      name: NAME,
      releaseArea: row.land,
      releaseRule: RULE,
      readinessHours: READINESS_HOURS,
      target: Number(row.packets),
      modelledPackets: Number(row.packets),
      ...packetCover({ kind: 'MEDICAL_PACKET' }),
      itemId: PACKET_ITEMS.MEDICAL_PACKET,
      registeredAt: now,
      registeredBy: 'model',
    }));
    await db.query({ ...STORE_MODELLED_RESERVES, values: recordValues(reserveColumns, reserves) });
  });
}
