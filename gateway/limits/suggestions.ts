import type { GraphQLFormattedError } from 'graphql';

/** "Did you mean" would disclose parts of a schema whose introspection is off. */
export function withoutSuggestions(message: string): string {
  return message.replace(/ ?Did you mean .+\?$/s, '');
}

export function shownWithoutSuggestions(error: GraphQLFormattedError): GraphQLFormattedError {
  return { ...error, message: withoutSuggestions(error.message) };
}
