import { operationFromDocument } from '@apollo/federation-internals';
import { parse, type GraphQLFormattedError } from 'graphql';
import { pino } from 'pino';
import { GATEWAY_IDENTITY } from '../core/service-identities.js';
import type {
  FetchSource,
  FetchSources,
  SubgraphRequest,
  SubgraphResponse,
} from '../core/subgraph-request.js';
import { supergraphState } from '../supergraph/supergraph-state.js';
import { ExecutablePlan } from './executable-plan.js';
import { museum } from './testing/museum.js';

const state = supergraphState(museum());
const log = pino({ enabled: false });

interface ReceivedRequest {
  query: string;
  variables: { representations?: Record<string, unknown>[] };
}
type Script = (requests: ReceivedRequest) => SubgraphResponse;

/** Records the requests to a subgraph, and responds by a script. */
class ScriptedSource implements FetchSource {
  readonly requests: ReceivedRequest[] = [];
  readonly #script: Script;

  constructor(script: Script) {
    this.#script = script;
  }

  async fetch({ body }: SubgraphRequest) {
    const requests = JSON.parse(body) as ReceivedRequest;
    this.requests.push(requests);
    return this.#script(requests);
  }

  async process({ request }: Parameters<FetchSource['process']>[0]) {
    return this.#script({ query: request.query!, variables: request.variables ?? {} }) as never;
  }
}

function planned(query: string): ExecutablePlan {
  const document = parse(query);
  const plan = state.planner.buildQueryPlan(operationFromDocument(state.apiSchema, document));
  return new ExecutablePlan(state, { plan, document });
}

async function run(query: string, scripts: Record<string, Script>, variables: object = {}) {
  const sources = Object.fromEntries(
    Object.entries(scripts).map(([name, script]) => [name, new ScriptedSource(script)]),
  );
  const plan = planned(query);
  const context = { identity: GATEWAY_IDENTITY };
  const result = await plan.execute({ variables: { ...variables }, context, sources, log });
  return { plan, sources, data: result.data as unknown, errors: result.errors, result };
}

/** The data of a query for the buyers of paintings. */
interface Buyers {
  paintings: { buyers: { id: string }[] }[];
}

const painting = (id: string, more: object = {}) => ({ __typename: 'Painting', id, ...more });
const sculpture = (id: string) => ({ __typename: 'Sculpture', id });
const entities =
  (
    of: (representation: Record<string, unknown>) => unknown,
    errors?: GraphQLFormattedError[],
  ): Script =>
  ({ variables: { representations = [] } }) => ({
    data: { _entities: representations.map(of) },
    ...(errors ? { errors } : {}),
  });

describe('an object that is met several times', () => {
  const query = '{ paintings { id buyers { id } } }';
  const works = () => ({ data: { paintings: ['1', '2', '1'].map((id) => painting(id)) } });

  it('is fetched once, and is the same at every path', async () => {
    const buyers = ({ id }: Record<string, unknown>) => ({
      buyers: [{ __typename: 'Person', id }],
    });
    const { data, sources } = await run(query, { works, prices: entities(buyers) });
    const [requests] = sources['prices']!.requests;
    expect(requests!.variables.representations).toEqual([painting('1'), painting('2')]);
    expect((data as Buyers).paintings.map(({ buyers: [first] }) => first?.id)).toEqual([
      '1',
      '2',
      '1',
    ]);
  });

  it('has its error at every path', async () => {
    const errors = [
      { message: 'of one', path: ['_entities', 0, 'buyers'] },
      { message: 'of two', path: ['_entities', 1, 'buyers', 0] },
    ];
    const { errors: located } = await run(query, {
      works,
      prices: entities(() => ({ buyers: null }), errors),
    });
    expect(located!.map(({ message, path }) => `${message} ${path!.join('.')}`)).toEqual([
      'of one paintings.0.buyers',
      'of two paintings.1.buyers.0',
      'of one paintings.2.buyers',
    ]);
  });

  it('is another one when another subgraph must know more of it', async () => {
    const area = ({ width }: Record<string, unknown>) => ({ area: Number(width) * 10 });
    const { data } = await run('{ paintings { id area } }', {
      works: () => ({ data: { paintings: [1, 2].map((width) => painting('1', { width })) } }),
      prices: entities(area),
    });
    expect(data).toMatchObject({ paintings: [{ area: 10 }, { area: 20 }] });
  });
});

describe('an error', () => {
  it('names its entry, also after entries that were not fetched', async () => {
    const errors = [{ message: 'not this one', path: ['_entities', 0, 'area'] }];
    const { errors: located } = await run('{ works { id ... on Painting { area } } }', {
      works: () => ({ data: { works: [sculpture('1'), null, painting('2', { width: 3 })] } }),
      prices: entities(() => ({ area: null }), errors),
    });
    expect(located!.map(({ path }) => path)).toEqual([['works', 2, 'area']]);
  });

  it('of a whole request has no path, and costs its own fields', async () => {
    const { data, errors } = await run('{ paintings { id buyers { id } } greeting }', {
      works: () => ({ data: { paintings: [painting('1')], greeting: 'hello' } }),
      prices: () => {
        throw new Error('unavailable');
      },
    });
    expect(data).toEqual({ paintings: [{ id: '1', buyers: null }], greeting: 'hello' });
    expect(errors!.map(({ message, path }) => [message, path])).toEqual([
      ['unavailable', undefined],
    ]);
  });
});

describe('a null', () => {
  it('propagates to the next nullable parent, with the error beside the data', async () => {
    const { result } = await run('{ wings { number isOpen } halls { isOpen } }', {
      works: () => ({
        data: {
          wings: [[{ number: 1, isOpen: true }]],
          halls: [[{ isOpen: null }, { isOpen: true }], [{ isOpen: 'no' }]],
        },
      }),
    });
    expect(result.data).toEqual({
      wings: [[{ number: 1, isOpen: true }]],
      halls: [[null, { isOpen: true }], [null]],
    });
    const completion = result.extensions!['valueCompletion'] as GraphQLFormattedError[];
    expect(completion.map(({ message, path }) => [message, path!.join('.')])).toEqual([
      ['Cannot return null for non-nullable field Hall.isOpen.', 'halls.0.0.isOpen'],
      ['Invalid value found for field Hall.isOpen.', 'halls.1.0.isOpen'],
    ]);
  });

  it('takes all of the data when nothing on its way may be null', async () => {
    const { result } = await run('{ greeting wings { number } }', {
      works: () => ({ data: { greeting: 'hello', wings: [[{ number: 1 }, null]] } }),
    });
    expect(result.data).toBeNull();
  });
});

describe('an object that a subgraph knows under other names', () => {
  it('is fetched under the name of the interface that the subgraph knows', async () => {
    const { data, sources } = await run('{ paintings { title rating } }', {
      works: () => ({ data: { paintings: [painting('1', { title: 't' })] } }),
      ratings: entities(({ id }) => ({ rating: Number(id) })),
    });
    const [requests] = sources['ratings']!.requests;
    expect(requests!.variables.representations).toEqual([{ __typename: 'Rated', id: '1' }]);
    expect(data).toEqual({ paintings: [{ title: 't', rating: 1 }] });
  });

  const selected = '{ ... on Painting { buyers { id } } ... on Guard { wage } }';
  /** The alias under which the key of a guard is fetched, because a painting has a key of the same name. */
  const guardKey = (requests: string) =>
    /on Guard\s*{\s*__typename\s+(\w+):\s*id/.exec(requests)![1]!;
  const exhibits = (requests: string) => [
    painting('a'),
    { __typename: 'Guard', [guardKey(requests)]: 7 },
  ];
  const prices = entities(({ __typename }) =>
    __typename === 'Guard' ? { wage: 9 } : { buyers: [{ __typename: 'Person', id: 'p' }] },
  );
  it.each<[string, string, Record<string, Script>]>([
    [
      'at the root',
      `{ exhibits ${selected} }`,
      { works: ({ query }) => ({ data: { exhibits: exhibits(query) } }) },
    ],
    [
      'of another object',
      `{ person { favourite { near ${selected} } } }`,
      {
        people: () => ({ data: { person: { favourite: painting('f') } } }),
        works: ({ query }) => ({ data: { _entities: [{ near: exhibits(query) }] } }),
      },
    ],
  ])(
    'keeps its keys %s, though those of another type do not fit beside them',
    async (_, query, scripts) => {
      const { data, sources } = await run(query, { ...scripts, prices });
      const requests = sources['prices']!.requests.flatMap(
        ({ variables }) => variables.representations!,
      );
      expect(requests).toEqual([painting('a'), { __typename: 'Guard', id: 7 }]);
      expect(JSON.stringify(data)).toContain('[{"buyers":[{"id":"p"}]},{"wage":9}]');
    },
  );
});

describe('keys', () => {
  it('keep the order of the selection, whichever response is first', async () => {
    const { data } = await run(
      `{ paintings { buyers { id } b: title id ...F title } }
       fragment F on Painting { frame { price wood } width }`,
      {
        works: () => ({
          data: {
            paintings: [
              painting('1', { title: 't', b: 't', width: 1, frame: { wood: 'oak', price: 2 } }),
            ],
          },
        }),
        prices: entities(() => ({ buyers: [{ id: '7', __typename: 'Person' }] })),
      },
    );
    expect(JSON.stringify(data)).toBe(
      '{"paintings":[{"buyers":[{"id":"7"}],"b":"t","id":"1","frame":{"price":2,"wood":"oak"},"width":1,"title":"t"}]}',
    );
  });
});

describe('the state of one execution', () => {
  it('is no part of another, though both had the same words from the subgraph', async () => {
    const plan = planned('{ paintings { id buyers { id } } }');
    const text = JSON.stringify({ data: { paintings: [painting('1')] } });
    const results = await Promise.all(
      ['7', '8'].map((id) => {
        const buyers = [{ __typename: 'Person', id }];
        const sources: FetchSources = {
          works: new ScriptedSource(() => JSON.parse(text) as SubgraphResponse),
          prices: new ScriptedSource(entities(() => ({ buyers }))),
        };
        return plan.execute({
          variables: {},
          context: { identity: GATEWAY_IDENTITY },
          sources,
          log,
        });
      }),
    );
    expect(
      results.map(({ data }) => (data as unknown as Buyers).paintings[0]?.buyers[0]?.id),
    ).toEqual(['7', '8']);
  });

  it('cannot reach into other objects, whatever a subgraph calls its fields', async () => {
    const prices = entities(
      () =>
        JSON.parse(
          '{"buyers":[],"constructor":{"polluted":true},"__proto__":{"polluted":true}}',
        ) as object,
    );
    const works = () => ({ data: { paintings: [painting('1')] } });
    const { data } = await run('{ paintings { id buyers { id } } }', { works, prices });
    expect(data).toEqual({ paintings: [{ id: '1', buyers: [] }] });
    expect({}).not.toHaveProperty('polluted');
    expect(Object).not.toHaveProperty('polluted');
  });
});

describe('two parts of a plan that break at the same time', () => {
  it('fail the execution, and nothing is left that nobody waits for', async () => {
    const left: unknown[] = [];
    const leave = (reason: unknown) => left.push(reason);
    process.on('unhandledRejection', leave);
    const query = '{ works { id ... on Painting { rating buyers { born } } } }';
    const broken = () => ({ data: { works: 'no list' } });
    const scripts = { works: broken, prices: broken, ratings: broken, people: broken };
    await expect(run(query, scripts)).rejects.toThrow('something else than a list');
    for (let tick = 0; tick < 3; tick += 1) await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', leave);
    expect(left).toEqual([]);
  });
});

describe('the stock executor executes', () => {
  it.each([
    ['introspection', '{ __schema { queryType { name } } greeting }'],
    ['fields called like something every object has', '{ constructor: greeting }'],
    ['fields called like the root of all objects', '{ __proto__: greeting }'],
  ])('%s', async (_, query) => {
    const works = () => ({
      data: { greeting: 'hello', constructor: 'hello', ['__proto__']: 'hello' },
    });
    const { plan, errors, data } = await run(query, { works });
    expect(plan.isOwn).toBe(false);
    expect(errors).toBeUndefined();
    expect(Object.values(data as object)).toContainEqual(expect.anything());
  });

  it('what a condition leaves open', async () => {
    const query = 'query ($yes: Boolean = true) { a: greeting @include(if: $yes) greeting }';
    const works = () => ({ data: { a: 'hello', greeting: 'hello' } });
    const { plan, result } = await run(query, { works }, { yes: null });
    expect(plan.isOwn).toBe(true);
    expect(result.errors!.map(({ message }) => message)).toEqual([
      expect.stringContaining('Unexpected value null for variable $yes'),
    ]);
    expect((await run(query, { works }, { yes: false })).data).toEqual({ greeting: 'hello' });
    expect((await run(query, { works })).data).toEqual({ a: 'hello', greeting: 'hello' });
  });
});
