/** Organisations that hold stocks, supply, produce or help and are no facility. */
export { organisationResolvers } from './resolvers.js';
export { OrganisationStore } from './store.js';
export { storeModelledOrganisations } from './store-modelled.js';
