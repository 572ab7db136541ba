import type { GraphQLFormattedError } from 'graphql';

/** "Did you mean" would spell out a schema that may not be asked for. */
export function withoutSuggestions(message: string): string {
  return message.replace(/ ?Did you mean .+\?$/s, '');
}

export function shownWithoutSuggestions(error: GraphQLFormattedError): GraphQLFormattedError {
  return { ...error, message: withoutSuggestions(error.message) };
}
