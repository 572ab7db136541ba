import { GraphQLError } from 'graphql';
import { pino, type Logger } from 'pino';
import { maskError, maskThrown } from './masking.js';
import { statedOutage } from './stated-outage.js';

interface Line {
  id?: string;
  level: number;
  msg: string;
  more?: number;
  err?: { stack: string };
}

/** A log that keeps its lines. */
function keptLog() {
  const lines: Line[] = [];
  const log: Logger = pino(
    {},
    { write: (line: string) => void lines.push(JSON.parse(line) as Line) },
  );
  return { log, lines };
}

/** As pg throws it. */
const sqlError = (code: string) => Object.assign(new Error('as the server says it'), { code });
const mask = (log: Logger, thrown: Error) => {
  const error = new GraphQLError(thrown.message, { originalError: thrown, path: ['beds'] });
  return maskError(log, error.toJSON(), error);
};

test.each(['53300', '53100', '57P01', '08006', '28P01'])(
  'the SQLSTATE %s is SERVICE_UNAVAILABLE, so that clients try again',
  (code) => {
    const { log, lines } = keptLog();
    const { extensions, message } = mask(log, sqlError(code));
    expect(extensions).toEqual({ code: 'SERVICE_UNAVAILABLE', id: lines[0]!.id });
    expect(message).not.toContain('as the server says it');
    expect(lines).toHaveLength(1);
  },
);

test('a statement that the database stopped is TOO_MUCH and no fault of the hub', () => {
  const { log, lines } = keptLog();
  expect(mask(log, sqlError('57014')).extensions).toEqual({ code: 'TOO_MUCH' });
  expect(lines.filter(({ level }) => level >= 40)).toEqual([]);
  expect(maskThrown(log, sqlError('57014')).extensions).toEqual({ code: 'TOO_MUCH' });
});

test('anything else is INTERNAL_SERVER_ERROR with the id of its line', () => {
  const { log, lines } = keptLog();
  expect(mask(log, new TypeError('x is undefined')).extensions).toEqual({
    code: 'INTERNAL_SERVER_ERROR',
    id: lines[0]!.id,
  });
});

test('a stated outage keeps its message, its mark and its id, and any other with its code is masked', () => {
  const { log, lines } = keptLog();
  const shown = (error: GraphQLError) => maskError(log, error.toJSON(), error);
  expect(shown(statedOutage('Do nothing.'))).toMatchObject({
    message: 'Do nothing.',
    extensions: { code: 'SERVICE_UNAVAILABLE', stated: true },
  });
  expect(shown(statedOutage('Withheld.', 'known')).extensions).toHaveProperty('id', 'known');
  expect(lines).toEqual([]);

  const secret = 'connect ECONNREFUSED 10.0.0.7:5432';
  const other = new GraphQLError(secret, { extensions: { code: 'SERVICE_UNAVAILABLE' } });
  expect(shown(other).message).not.toContain(secret);
  expect(lines).toHaveLength(1);
});

test('in a storm of equal faults every response names a line of the log, and the log stays short', () => {
  const { log, lines } = keptLog();
  const ids = new Set<unknown>();
  for (let n = 0; n < 1_000; n += 1) {
    const thrown = Object.assign(new Error(`connect ECONNREFUSED 127.0.0.1:${20_000 + n}`), {
      code: 'ECONNREFUSED',
    });
    ids.add(mask(log, thrown).extensions!['id']);
  }
  const other = mask(log, new Error('another fault')).extensions!['id'];

  expect(lines.length).toBeLessThan(10);
  const written = new Set<unknown>(lines.map(({ id }) => id));
  expect([...ids].every((id) => written.has(id))).toBe(true);
  expect(lines.at(-1)).toMatchObject({ id: other, msg: 'fault' });
});
