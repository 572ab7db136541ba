/** Shipments of what was committed. */
export { shipmentResolvers } from './resolvers.js';
export { sendDirectly } from './store-direct.js';
export { ShipmentStore } from './store.js';
