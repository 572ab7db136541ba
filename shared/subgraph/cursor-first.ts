import type { ApolloServerPlugin } from '@apollo/server';
import {
  Kind,
  type DocumentNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Outbox } from '../outbox/index.js';

/** The part of a subgraph's context that this fills. */
export interface StreamContext {
  startCursor?: string;
  outbox: Outbox;
}

/**
 * Reads the cursor before anything else in a query that selects it. GraphQL runs root fields side by side; a cursor taken
 * after the data would leave a gap in which a change is neither in the response nor behind the cursor.
 */
export function cursorFirst<Context extends StreamContext>(
  field: string,
): ApolloServerPlugin<Context> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        didResolveOperation: async ({ operation, document, contextValue }) => {
          if (!operation || !selects(operation, document, field)) return;
          const { outbox } = contextValue;
          contextValue.startCursor = outbox.cursorOf(await outbox.head());
        },
      }),
  };
}

function selects(
  operation: OperationDefinitionNode,
  document: DocumentNode,
  field: string,
): boolean {
  const within = ({ selections }: SelectionSetNode): boolean =>
    selections.some((selection) => {
      if (selection.kind === Kind.FIELD) return selection.name.value === field;
      if (selection.kind === Kind.INLINE_FRAGMENT) return within(selection.selectionSet);
      const { value } = selection.name;
      return document.definitions.some(
        (definition) =>
          definition.kind === Kind.FRAGMENT_DEFINITION &&
          definition.name.value === value &&
          within(definition.selectionSet),
      );
    });
  return within(operation.selectionSet);
}
