import { idOfKey } from '../../../shared/database/index.js';
import type { ReserveKind, StorageNeed, Unit } from '../generated/graphql.js';

/** The items of `data/items` that the packets of a reserve are, so that they are booked, requested and shipped as any other item. */
export const PACKET_ITEMS: Readonly<Record<ReserveKind, string>> = {
  MEDICAL_PACKET: idOfKey('item medical-packet'),
  DEPOT_MODULE: idOfKey('item depot-module'),
};

/** How packets are counted and stored, as the list of items says. */
export const PACKET: { unit: Unit; storage: StorageNeed } = { unit: 'PIECE', storage: 'AMBIENT' };
