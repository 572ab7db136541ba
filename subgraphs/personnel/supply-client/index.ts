/** The operations that personnel sends to supply. */
export { NamedOrganisationDocument, type OrganisationKind } from './generated/operations.js';
