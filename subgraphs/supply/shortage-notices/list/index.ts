/** The list of official notices. */
export { shortageNoticeResolvers } from './resolvers.js';
export { STORE_NOTICES, STORE_PACKS } from './statements.js';
export { NoticeStore } from './store.js';
