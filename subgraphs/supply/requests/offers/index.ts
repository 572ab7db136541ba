/** Offers that serve requests. */
export { offerResolvers } from './resolvers.js';
export { OfferStore, changeOffers, lockOffer } from './store.js';
