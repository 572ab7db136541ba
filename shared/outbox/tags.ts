import type { OutboxEvent } from './outbox.js';

/** Returns a tag of an event: what it is about, as `key:value`, such as `facility:<id>` or `category:ECMO`. */
export function tagOf(key: string, value: string): string {
  return `${key}:${value}`;
}

/** Returns SQL for the tag of a value that is an SQL expression. */
export function tagSql(key: string, value: string): string {
  return `'${key}:' || (${value})::text`;
}

/**
 * Returns which events have a tag with the key and the value; all of them where a subscriber names no value. Events of releases
 * that wrote the value alone match as well, as long as they are kept.
 */
export function tagFilter(
  key: string,
  value: string | null | undefined,
): (event: Pick<OutboxEvent, 'tags'>) => boolean {
  if (value == null) return () => true;
  const tag = tagOf(key, value);
  return ({ tags }) => tags.includes(tag) || tags.includes(value);
}
