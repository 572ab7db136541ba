/** Requests, the offers and commitments that serve them, and the shipments. */
import type { Resolvers } from '../generated/graphql.js';
import { commitmentResolvers } from './commitments/index.js';
import { offerResolvers } from './offers/index.js';
import { shipmentResolvers } from './shipments/index.js';
import { storageResolvers } from './storage/index.js';
import { supplyRequestResolvers } from './supply-requests/index.js';

export { unknownLine } from './commitments/rules.js';
export { CommitmentStore } from './commitments/index.js';
export { OfferStore } from './offers/index.js';
export { sendDirectly, ShipmentStore } from './shipments/index.js';
export { StorageStore } from './storage/index.js';
export {
  escalateRequests,
  releaseOverdue,
  SupplyRequestStore,
  SupplyRequestChanges,
} from './supply-requests/index.js';

export const requestResolvers: Resolvers[] = [
  supplyRequestResolvers,
  offerResolvers,
  commitmentResolvers,
  shipmentResolvers,
  storageResolvers,
];
