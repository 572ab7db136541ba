import type { SupplyOffer } from '../../generated/prisma/client.js';

/** An offer without the person who made it; quantities are exact in the database and numbers here. */
export type OfferRow = Omit<SupplyOffer, 'quantity' | 'committed' | 'offeredBy' | 'seq'> & {
  quantity: number;
  committed: number;
};
