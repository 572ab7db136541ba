/** The imported list of official notices of shortages. */
export { importShortageNotices } from './importing/import.js';
export { shortageNoticeResolvers } from './list/resolvers.js';
export { NoticeStore } from './list/store.js';
