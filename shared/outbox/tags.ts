import type { OutboxEvent } from './outbox.js';

/** An event, as far as its tags are read. */
export type TaggedEvent = { tags: Readonly<OutboxEvent['tags']> };

/** Returns a tag of an event: what it is about, as `key:value`, such as `facility:<id>` or `category:ECMO`. */
export function tagOf(key: string, value: string): string {
  return `${key}:${value}`;
}

/** Returns SQL for the tag of a value that is an SQL expression. */
export function tagSql(key: string, value: string): string {
  return `'${key}:' || (${value})::text`;
}

/** Returns the values of the tags with a key, in the order of the tags. */
export function tagValues({ tags }: TaggedEvent, key: string): string[] {
  const prefix = tagOf(key, '');
  return tags.filter((tag) => tag.startsWith(prefix)).map((tag) => tag.slice(prefix.length));
}

/**
 * Returns which events have a tag with the key and the value; all of them where a subscriber names no value. Events of releases
 * that wrote the value alone match as well, as long as they are kept.
 */
export function tagFilter(
  key: string,
  value: string | null | undefined,
): (event: TaggedEvent) => boolean {
  if (value == null) return () => true;
  const tag = tagOf(key, value);
  return ({ tags }) => tags.includes(tag) || tags.includes(value);
}
