import fc, { type Arbitrary } from 'fast-check';
import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql';

/** Variables an operation may use; what it does not use is not declared. */
const VARIABLES: Readonly<Record<string, string>> = {
  yes: 'Boolean!',
  no: 'Boolean! = false',
  text: 'String',
  number: 'Int',
  id: 'ID!',
};
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  Boolean: ['true', 'false'],
  'Boolean!': ['true', '$yes'],
  String: ['"a"', '$text', 'null'],
  Int: ['1', '$number'],
  ID: ['"1"', '$id'],
  'ID!': ['"1"', '"2"', '$id'],
};
const CONDITIONS = [
  '',
  '',
  '',
  '',
  '',
  '',
  ' @include(if: $yes)',
  ' @skip(if: $no)',
  ' @skip(if: $yes)',
];
/** An alias with the name of another field is rarely valid, and worth a try. */
const ALIASES = [...Array.from({ length: 30 }, () => undefined), 'a', 'id', 'price'];
const DEPTH = 4;

/** Operations over a schema: most of them valid, with everything that can stand in one. */
export function operations(schema: GraphQLSchema): Arbitrary<string> {
  const composite = Object.values(schema.getTypeMap()).filter(
    (type): type is GraphQLCompositeType => isCompositeType(type) && !type.name.startsWith('__'),
  );
  const roots = [schema.getQueryType(), schema.getMutationType()].flatMap((type) => type ?? []);
  const fragments = composite.filter((type) => !roots.includes(type as never));
  const known = new Map<string, Arbitrary<string>>();

  const selectionSet = (type: GraphQLCompositeType, depth: number): Arbitrary<string> => {
    const key = `${type.name} ${depth}`;
    let arbitrary = known.get(key);
    if (!arbitrary) {
      const selections = fc.array(selection(type, depth), { minLength: 1, maxLength: 4 });
      arbitrary = selections.map((texts) => `{ ${texts.join(' ')} }`);
      known.set(key, arbitrary);
    }
    return arbitrary;
  };

  const selection = (type: GraphQLCompositeType, depth: number): Arbitrary<string> => {
    const fields =
      isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [];
    const usable = fields.filter(
      (field) => depth > 0 || !isCompositeType(getNamedType(field.type)),
    );
    const choices = usable.map((one) => ({ weight: 3, arbitrary: field(one, depth) }));
    const isRoot = roots.includes(type as never);
    if (!isRoot)
      choices.push({ weight: 1, arbitrary: fc.constantFrom('__typename', 't: __typename') });
    if (depth > 0) {
      choices.push({ weight: isAbstractType(type) ? 8 : 2, arbitrary: inline(type, depth) });
      if (!isRoot) choices.push({ weight: 2, arbitrary: fc.constantFrom(...spreadsIn(type)) });
    }
    if (choices.length === 0) return fc.constant('__typename');
    return fc.oneof(...choices);
  };

  const field = (one: GraphQLField<unknown, unknown>, depth: number): Arbitrary<string> => {
    const type = getNamedType(one.type);
    const args = one.args.map(({ name, type: given }) => {
      const values = ARGUMENTS[String(given)] ?? ['null'];
      const isRequired = String(given).endsWith('!');
      const written = fc.constantFrom(...values).map((value) => `${name}: ${value}`);
      return isRequired ? written : fc.oneof(written, fc.constant(''));
    });
    return fc
      .record({
        alias: fc.constantFrom(...ALIASES),
        args: fc.tuple(...args),
        condition: fc.constantFrom(...CONDITIONS),
        below: isCompositeType(type) ? selectionSet(type, depth - 1) : fc.constant(''),
      })
      .map(({ alias, args: given, condition, below }) => {
        const texts = given.filter((text) => text !== '');
        const call = texts.length > 0 ? `(${texts.join(', ')})` : '';
        const own = call === '' ? undefined : aliasFor(one.name, call);
        const called = alias ?? own;
        return `${called ? `${called}: ` : ''}${one.name}${call}${condition} ${below}`;
      });
  };

  const inline = (type: GraphQLCompositeType, depth: number): Arbitrary<string> => {
    const others = overlapping(schema, type, composite);
    return fc
      .constantFrom(undefined, ...others)
      .chain((other) =>
        fc
          .tuple(selectionSet(other ?? type, depth - 1), fc.constantFrom(...CONDITIONS))
          .map(
            ([below, condition]) => `...${other ? ` on ${other.name}` : ''}${condition} ${below}`,
          ),
      );
  };

  const spreadsIn = (type: GraphQLCompositeType): string[] =>
    overlapping(schema, type, fragments).map(({ name }) => `...Of${name}`);

  // Without spreads of their own there is no cycle.
  const definition = (type: GraphQLCompositeType): Arbitrary<string> =>
    selectionSet(type, 1).map(
      (below) =>
        `fragment Of${type.name} on ${type.name} ${below.replaceAll(/\.\.\.Of\w+/g, '__typename')}`,
    );

  return fc
    .record({
      root: fc.constantFrom(...roots),
      fragments: fc.tuple(...fragments.map(definition)),
    })
    .chain(({ root, fragments: all }) =>
      selectionSet(root, DEPTH).map((below) => {
        const kind = root === schema.getMutationType() ? 'mutation' : 'query';
        return written(kind, below, all);
      }),
    );
}

/** Fields of one name and other arguments must be called otherwise. */
function aliasFor(name: string, call: string): string {
  return `${name}_${call.replaceAll(/\W+/g, '_')}`;
}

function written(kind: string, selections: string, fragments: readonly string[]): string {
  const used = fragments.filter((text) => {
    const [, name = ''] = text.split(' ');
    return new RegExp(`\\.\\.\\.${name}\\b`).test(selections);
  });
  const all = [selections, ...used].join('\n');
  const declared = Object.entries(VARIABLES)
    .filter(([name]) => new RegExp(`\\$${name}\\b`).test(all))
    .map(([name, type]) => `$${name}: ${type}`);
  const variables = declared.length > 0 ? `(${declared.join(', ')})` : '';
  return `${kind} Q${variables} ${all}`;
}

function overlapping(
  schema: GraphQLSchema,
  type: GraphQLCompositeType,
  among: readonly GraphQLCompositeType[],
): GraphQLCompositeType[] {
  const possible = new Set(objectTypes(schema, type));
  return among.filter((other) => objectTypes(schema, other).some((one) => possible.has(one)));
}

function objectTypes(
  schema: GraphQLSchema,
  type: GraphQLCompositeType,
): readonly GraphQLNamedType[] {
  return isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
}
