/** Events that are written with a change and delivered to subscribers in the order of commits. */
export { type Change, type OutboxStream, watch } from './feed.js';
export { epochKeyOf, Outbox, type OutboxEvent } from './outbox.js';
export { type NewEvent, publish, publishing } from './publish.js';
export { Tail } from './tail.js';
export { type TaggedEvent, tagFilter, tagOf, tagSql, tagValues } from './tags.js';
