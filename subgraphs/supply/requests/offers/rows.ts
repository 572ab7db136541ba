import type { SelectedRow } from '../../../../shared/database/index.js';
import type { SupplyOffer } from '../../generated/prisma/client.js';

/** An offer without the person who made it. */
export type OfferRow = SelectedRow<Omit<SupplyOffer, 'offeredBy' | 'seq'>>;
