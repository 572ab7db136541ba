/** Sends typed operations to a GraphQL server over HTTP. */
export { GraphQLClient } from './client.js';
export { NoResponse } from './no-response.js';
export { allNodes, type Page } from './pages.js';
export type { GraphQLResponse } from './response.js';
export type { TypedDocument } from './typed-document.js';
