/** Beds as facilities and other sources report them. */
export type { BedTopic } from './events.js';
export { bedResolvers } from './resolvers.js';
export { countedAs } from './store-counted-as.js';
export { SourceStore } from './store-sources.js';
export { BedStore, type FreeBeds } from './store.js';
