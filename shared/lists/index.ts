/** Lists that clients read page by page: Relay connections, their cursors and the length of a page. */
export { cursorCodec, type CursorCodec } from './cursors.js';
export {
  instantCursor,
  type InstantPosition,
  isInstant,
  pageByInstant,
  seqOf,
} from './instant-pages.js';
export { nameCursor, pageByName } from './named-pages.js';
export { numberCursor, pageByNumber } from './numbered-pages.js';
export { pageLength } from './page-length.js';
export {
  connectionResolvers,
  nodesOf,
  type Page,
  pageInfoOf,
  pageOf,
  type PageSlice,
} from './page.js';
export { ListCursorSeal, sealListCursors } from './sealed-cursors.js';
