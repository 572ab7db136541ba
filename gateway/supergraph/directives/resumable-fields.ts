import type { Schema } from '@apollo/federation-internals';

/** How a subscription field is resumed, from its `@resumable(cursor:, caughtUp:, argument:, now:)`. */
export interface Resumable {
  /** Field of the message that contains the cursor. */
  cursor: string;
  /**
   * Field of the message that is true in a mark, which says that everything up to its cursor has been delivered. A subgraph that has it
   * sends a mark after what was missed, each time it is subscribed to with a cursor, and others by the clock.
   */
  caughtUp?: string;
  /** Argument of the subscription that takes it. */
  argument: string;
  /**
   * Field of Query that returns the current cursor. With it a subscription can be resumed even if it broke before its first
   * message.
   */
  now?: string;
}

/** Composition keeps a composed directive as it is on the supergraph's fields. */
export function resumableFields(supergraph: Schema): Map<string, Resumable> {
  const fields = supergraph.schemaDefinition.rootType('subscription')?.fields() ?? [];
  const resumable = new Map<string, Resumable>();
  for (const field of fields) {
    const [directive] = field.appliedDirectivesOf('resumable');
    if (directive) resumable.set(field.name, directive.arguments() as unknown as Resumable);
  }
  return resumable;
}
