/** Requests, the offers and commitments that serve them, and the shipments. */
import type { Resolvers } from '../generated/graphql.js';
import { commitmentResolvers } from './commitments/resolvers.js';
import { offerResolvers } from './offers/resolvers.js';
import { shipmentResolvers } from './shipments/resolvers.js';
import { storageResolvers } from './storage/resolvers.js';
import { supplyRequestResolvers } from './supply-requests/resolvers.js';

export { unknownLine } from './commitments/rules.js';
export { CommitmentStore } from './commitments/store.js';
export { OfferStore } from './offers/store.js';
export { sendDirectly } from './shipments/store-direct.js';
export { ShipmentStore } from './shipments/store.js';
export { StorageStore } from './storage/store.js';
export { escalateRequests, releaseOverdue } from './supply-requests/store-clock.js';
export { SupplyRequestStore } from './supply-requests/store.js';
export { SupplyRequestChanges } from './supply-requests/store-changes.js';

export const requestResolvers: Resolvers[] = [
  supplyRequestResolvers,
  offerResolvers,
  commitmentResolvers,
  shipmentResolvers,
  storageResolvers,
];
