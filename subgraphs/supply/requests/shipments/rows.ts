import type { SupplyShipment } from '../../generated/prisma/client.js';
import type { ShipmentQuantities } from '../ledger/rules.js';

/** Quantities are exact in the database and numbers here. */
export type ShipmentRow = Omit<SupplyShipment, keyof ShipmentQuantities | 'seq'> &
  ShipmentQuantities;
