/** Organisations that hold stocks, supply, produce or help and are no facility. */
export { organisationResolvers } from './resolvers.js';
export { beginning, fewHolders } from './store-few-holders.js';
export { OrganisationStore } from './store.js';
export { storeModelledOrganisations } from './store-modelled.js';
