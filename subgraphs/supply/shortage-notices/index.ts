/** The imported list of official notices of shortages. */
export { importShortageNotices } from './importing/import.js';
export { shortageNoticeResolvers, NoticeStore } from './list/index.js';
