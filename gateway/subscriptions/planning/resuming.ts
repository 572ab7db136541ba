import {
  getArgumentValues,
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  parseType,
  print,
  type FieldNode,
  type GraphQLField,
  type VariableDefinitionNode,
} from 'graphql';
import type { Resumable, SupergraphState } from '../../supergraph/index.js';
import type { ResumePlan } from './plan.js';
import { withRootFields, type SelectedOperation } from './selected-operation.js';

export interface ResumingOperation {
  /** The planned operation, which selects the cursor for the gateway. */
  planned: SelectedOperation;
  /** The client's operation, without that cursor. */
  shaped: SelectedOperation;
  resume: ResumePlan | undefined;
  /** The cursor that the client sent. */
  after: string | undefined;
}

/**
 * Prepares a resumable field so that the gateway can resume it for the client. The cursor becomes a variable of the gateway, so
 * that clients which differ in nothing else have the same operation; its new value, and whether a message is a mark, are selected
 * under aliases of the gateway.
 */
export function resuming(
  { schema, resumable }: SupergraphState,
  selected: SelectedOperation,
  coercedVariables: Record<string, unknown>,
): ResumingOperation {
  const [rootField] = selected.rootFields;
  const directive = rootField && resumable.get(rootField.name.value);
  const field = rootField && schema.getSubscriptionType()?.getFields()[rootField.name.value];
  if (!directive || !field || !hasCursor(field, directive)) {
    return { planned: selected, shaped: selected, resume: undefined, after: undefined };
  }
  const names = privateNames(print(selected.document));
  const shaped = withAfterVariable(selected, field, directive, names);
  const after = getArgumentValues(field, rootField, coercedVariables)[directive.argument];
  return {
    planned: withCursorSelected(shaped, directive, names),
    shaped,
    resume: {
      cursorAlias: names.cursorAlias,
      afterVariable: names.afterVariable,
      ...(directive.caughtUp === undefined ? {} : { caughtUpAlias: names.caughtUpAlias }),
      responseName: rootField.alias?.value ?? rootField.name.value,
      ...(directive.now === undefined ? {} : { now: directive.now }),
    },
    after: typeof after === 'string' ? after : undefined,
  };
}

type PrivateNames = Required<Pick<ResumePlan, 'cursorAlias' | 'caughtUpAlias' | 'afterVariable'>>;

/** Returns private names of the gateway, extended until the client's operation contains no similar name. */
function privateNames(operationText: string): PrivateNames {
  let prefix = 'gateway';
  while (operationText.includes(prefix)) prefix += '_';
  return {
    cursorAlias: `${prefix}Cursor`,
    caughtUpAlias: `${prefix}CaughtUp`,
    afterVariable: `${prefix}After`,
  };
}

function hasCursor(
  field: GraphQLField<unknown, unknown>,
  { cursor, argument }: Resumable,
): boolean {
  const message = getNamedType(field.type);
  const canHoldFields = isObjectType(message) || isInterfaceType(message);
  const acceptsCursor = field.args.some(({ name }) => name === argument);
  return acceptsCursor && canHoldFields && Object.hasOwn(message.getFields(), cursor);
}

function withAfterVariable(
  { document, operation, rootFields }: SelectedOperation,
  field: GraphQLField<unknown, unknown>,
  { argument }: Resumable,
  { afterVariable }: PrivateNames,
): SelectedOperation {
  const variable = { kind: Kind.VARIABLE, name: nameNode(afterVariable) } as const;
  const argumentType = field.args.find(({ name }) => name === argument)!.type;
  const definition: VariableDefinitionNode = {
    kind: Kind.VARIABLE_DEFINITION,
    variable,
    type: parseType(String(argumentType)),
  };
  const variableDefinitions = [...(operation.variableDefinitions ?? []), definition];
  const fields = rootFields.map((rootField) => ({
    ...rootField,
    arguments: [
      ...(rootField.arguments ?? []).filter(({ name }) => name.value !== argument),
      { kind: Kind.ARGUMENT, name: nameNode(argument), value: variable } as const,
    ],
  }));
  return withRootFields(document, { ...operation, variableDefinitions }, fields);
}

function withCursorSelected(
  { document, operation, rootFields }: SelectedOperation,
  { cursor, caughtUp }: Resumable,
  { cursorAlias, caughtUpAlias }: PrivateNames,
): SelectedOperation {
  const aliased = (alias: string, name: string): FieldNode => ({
    kind: Kind.FIELD,
    alias: nameNode(alias),
    name: nameNode(name),
  });
  const own = [aliased(cursorAlias, cursor)];
  if (caughtUp !== undefined) own.push(aliased(caughtUpAlias, caughtUp));
  // Fields of one response name are merged, so it is enough to select it in the first.
  const [first, ...others] = rootFields as [FieldNode, ...FieldNode[]];
  const selections = [...(first.selectionSet?.selections ?? []), ...own];
  const selectionSet = { kind: Kind.SELECTION_SET, selections } as const;
  return withRootFields(document, operation, [{ ...first, selectionSet }, ...others]);
}

function nameNode(value: string) {
  return { kind: Kind.NAME, value } as const;
}
