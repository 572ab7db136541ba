import { getIntrospectionQuery } from 'graphql';

type Make = (number: number) => object | object[];

const times = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ');

/** Each operation has a number in it, so that nothing an earlier one taught the hub helps it. */
const MAKE: Record<string, Make> = {
  deep: (n) => ({ query: `{ d${n}: ${'a { '.repeat(400)} b ${'}'.repeat(400)} }` }),
  wide: (n) => ({ query: `query W${n} { ${times(1500, (i) => `f${i}`)} }` }),
  aliased: (n) => ({
    query: `{ ${times(90, (i) => `a${n}x${i}: regions(level: LAND) { code }`)} }`,
  }),
  fragmented: (n) => ({
    query: `{ r${n}: regions(level: LAND) { ...F0 } } ${times(60, (i) => `fragment F${i} on Region { ...F${i + 1} ...F${i + 1} }`)} fragment F60 on Region { code }`,
  }),
  costly: (n) => ({
    query: `{ ${times(9, (i) => `a${n}x${i}: facilities(first: 500) { nodes { beds { provenance { source } } } }`)} }`,
  }),
  introspecting: (n) => ({ query: `${getIntrospectionQuery()} # ${n}` }),
  batched: (n) => Array.from({ length: 50 }, () => ({ query: `{ b${n}: __typename }` })),
  oversized: (n) => ({ query: `{ o${n}: __typename } # ${'x'.repeat(150_000)}` }),
};

export const KINDS = Object.keys(MAKE);

/** Returns `count` bodies, of all kinds one after the other. */
export function hostileBodies(count: number): string[] {
  const makers = Object.values(MAKE);
  return Array.from({ length: count }, (_, number) =>
    JSON.stringify(makers[number % makers.length]!(number)),
  );
}
