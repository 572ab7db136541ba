/** Requests to one subgraph over HTTP. */
export {
  type CurrentCursor,
  type ReadCurrentCursor,
  currentCursorReader,
} from './current-cursor.js';
export { SubgraphSource, type SubgraphSourceOptions } from './subgraph-source.js';
