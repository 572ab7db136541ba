import type { OperationDefinitionNode } from 'graphql';
import type { Facts } from './tracing.js';

/** A program names its operations in a few words. */
const LONGEST_NAME = 100;

/** Returns the facts of an operation for its span: its type and the name its program gave it, by the words of OpenTelemetry's conventions. */
export function operationFacts({
  operation,
  name,
}: Pick<OperationDefinitionNode, 'operation' | 'name'>): { facts: Facts; name: string } {
  const named = name?.value.slice(0, LONGEST_NAME);
  const facts = { 'graphql.operation.type': operation };
  if (named === undefined) return { facts, name: operation };
  return { facts: { ...facts, 'graphql.operation.name': named }, name: `${operation} ${named}` };
}

/** The code of the first error, which stands for all. Codes are few and ours; messages are not recorded. */
export function faultOf(
  errors: readonly { extensions?: Readonly<Record<string, unknown>> }[] | undefined,
): string | undefined {
  if (!errors?.length) return undefined;
  const code = errors[0]?.extensions?.['code'];
  return typeof code === 'string' ? code : 'INTERNAL_SERVER_ERROR';
}
