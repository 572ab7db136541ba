import {
  isObjectType as isFederatedObjectType,
  type FieldDefinition,
  type ObjectType,
  Supergraph,
} from '@apollo/federation-internals';
import {
  getNamedType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  type GraphQLField,
  type GraphQLObjectType,
} from 'graphql';

interface Join {
  graph?: string;
  requires?: string;
  external?: boolean;
}

/** How far into the graph; beyond, fields recur at other paths. */
const DEPTH = 3;
/** A value for every argument that must be given. */
const GIVEN = '"1"';

/** Names of the subgraphs a supergraph is made of. */
export function subgraphsOf(supergraph: string): string[] {
  return Supergraph.build(supergraph)
    .subgraphsMetadata()
    .map(({ name }) => name);
}

function joinsOf(
  element: ObjectType | FieldDefinition<ObjectType>,
  directive: 'join__field' | 'join__type',
): Join[] {
  return element.appliedDirectivesOf(directive).map((applied) => applied.arguments() as Join);
}

/** A query for every field that can be had without one of the subgraphs; undefined when there is none. */
export function everyFieldWithout(
  supergraph: string,
  absent: string,
  isLeftOut: (field: string) => boolean = () => false,
): string | undefined {
  const { schema } = Supergraph.build(supergraph);
  const shown = Supergraph.build(supergraph).apiSchema().toGraphQLJSSchema();

  const isThere = (type: string, field: string): boolean => {
    const element = schema.type(type);
    if (!element || !isFederatedObjectType(element)) throw new Error(`${type} is no object type`);
    const joins = joinsOf(element.field(field)!, 'join__field');
    if (joins.some(({ requires }) => requires)) return false;
    const own = joins.filter(({ graph, external }) => graph && !external).map(({ graph }) => graph);
    const whole = joinsOf(element, 'join__type').map(({ graph }) => graph);
    return (own.length > 0 ? own : whole).some((graph) => graph !== absent.toUpperCase());
  };

  const selectionOf = (type: GraphQLObjectType, depth: number): string =>
    Object.values(type.getFields())
      .filter((field) => !isLeftOut(`${type.name}.${field.name}`) && isThere(type.name, field.name))
      .flatMap((field) => selected(field, depth))
      .join(' ');

  const selected = (field: GraphQLField<unknown, unknown>, depth: number): string[] => {
    const given = field.args.filter(isRequiredArgument).map(({ name }) => `${name}: ${GIVEN}`);
    const call = field.name + (given.length > 0 ? `(${given.join(' ')})` : '');
    const type = getNamedType(field.type);
    if (isLeafType(type)) return [call];
    if (!isObjectType(type)) return [`${call} { __typename }`];
    if (depth === 0) return [];
    const selection = selectionOf(type, depth - 1);
    return selection === '' ? [] : [`${call} { ${selection} }`];
  };

  const query = shown.getQueryType();
  const selection = query ? selectionOf(query, DEPTH) : '';
  return selection === '' ? undefined : `{ ${selection} }`;
}
