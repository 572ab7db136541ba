import type { SelectedRow } from '../../../../shared/database/index.js';
import type { SupplyShipment } from '../../generated/prisma/client.js';

export type ShipmentRow = SelectedRow<Omit<SupplyShipment, 'seq'>>;
