import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';

/**
 * The text of one operation, which carries the types of its data and its variables. The build writes such documents from the
 * `operations.graphql` files; `toString()` returns the text.
 */
export interface TypedDocument<Data, Variables> extends DocumentTypeDecoration<Data, Variables> {
  toString(): string;
}
