/** Makes a subgraph of a database, a schema and resolvers. */
export { bringUp, type DatabaseServer, type SubgraphContext } from './bring-up.js';
export { openSubgraphDatabase, type SubgraphDatabase } from './database.js';
export { type FacilityReferences, readReference } from './facility-references.js';
export { idAsKept } from './id-arguments.js';
export { serverOf } from './server-settings.js';
export { typeDefsOf } from './type-defs.js';
