/** Authorization policy: the requests, offers and shipments that a caller may see and change. */
export { ownHolder, permitHolder, permitReceiver } from './holders.js';
export { requestVisibilityOf } from './visibility.js';
