import type { WrittenOperation } from './validation.js';

const FENCE = /^```(\w*)\n(.*?)^```/gms;
/** The member `query` of a request body, as it stands in a command. */
const QUERY = /"query"\s*:\s*("(?:[^"\\]|\\.)*")/g;

/** Returns what a Markdown file shows as GraphQL: blocks of that language, and request bodies in any block. */
export function operationsInMarkdown(file: string, text: string): WrittenOperation[] {
  return [...text.matchAll(FENCE)].flatMap(({ 1: language, 2: block, index }) => {
    const where = `${file}:${text.slice(0, index).split('\n').length}`;
    if (language === 'graphql') return isSchema(block!) ? [] : [{ where, query: block! }];
    return [...block!.matchAll(QUERY)].map(([, literal]) => ({
      where,
      query: JSON.parse(literal!) as string,
    }));
  });
}

/** Parts of a schema are shown too; the schema itself is checked elsewhere. */
const isSchema = (block: string) =>
  /^\s*(extend |type |input |enum |interface |union |scalar |directive )/m.test(block);
