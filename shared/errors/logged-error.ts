import { pino } from 'pino';

/** Properties in which PostgreSQL quotes the values that it refused: whole rows, keys, statements. */
const OF_VALUES = new Set(['detail', 'where', 'internalQuery', 'hint']);
/** SQLSTATE class of values that cannot be read; the message quotes them. */
const UNREADABLE_VALUE = /^22/;

/** An error as it is logged: without values, which may be words about a person. The serializer of every service's log. */
export function loggedError(error: Error): Record<string, unknown> {
  const all = Object.entries(pino.stdSerializers.err(error));
  const line: Record<string, unknown> = Object.fromEntries(
    all.filter(([name]) => !OF_VALUES.has(name)),
  );
  if (!UNREADABLE_VALUE.test(String(line['code']))) return line;
  const [message, stack] = [withoutQuotes(line['message']), withoutQuotes(line['stack'])];
  return { ...line, message, stack };
}

/** From the first quotation mark to the last one of the message; frames of the stack have none. */
function withoutQuotes(text: unknown): string {
  return String(text).replace(/"[^]*"/, '"..."');
}
