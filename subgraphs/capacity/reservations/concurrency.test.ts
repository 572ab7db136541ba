import pg from 'pg';
import { limited } from './concurrency.js';

/** Calls that end on demand, and the order in which they began. */
function calls() {
  const pool = new pg.Pool();
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const done: Promise<void>[] = [];
  return {
    begun,
    call(caller: string, name: string): void {
      const act = () =>
        new Promise<void>((end) => {
          begun.push(name);
          ends.push(end);
        });
      done.push(limited(pool, caller, act));
    },
    async endNext(): Promise<void> {
      ends.shift()!();
      await new Promise(setImmediate);
    },
    async endAll(): Promise<void> {
      while (ends.length > 0) await this.endNext();
      await Promise.all(done);
    },
  };
}

test('five calls work at once, and each that ends lets another begin', async () => {
  const queue = calls();
  for (const name of ['1', '2', '3', '4', '5', '6', '7']) queue.call('a', name);
  expect(queue.begun).toEqual(['1', '2', '3', '4', '5']);
  await queue.endNext();
  expect(queue.begun.at(-1)).toBe('6');
  await queue.endAll();
  expect(queue.begun.at(-1)).toBe('7');
});

test('callers are served round-robin, each in the order of their calls', async () => {
  const queue = calls();
  for (let n = 1; n <= 5; n++) queue.call('busy', `slot ${n}`);
  for (let n = 1; n <= 3; n++) queue.call('busy', `busy ${n}`);
  queue.call('other', 'other 1');
  queue.call('third', 'third 1');
  queue.call('other', 'other 2');
  await queue.endAll();
  expect(queue.begun.slice(5)).toEqual([
    'busy 1',
    'other 1',
    'third 1',
    'busy 2',
    'other 2',
    'busy 3',
  ]);
});

test('a call that fails frees its slot', async () => {
  const pool = new pg.Pool();
  const failing = Array.from({ length: 6 }, () =>
    limited(pool, 'a', () => Promise.reject(new Error('refused'))),
  );
  for (const one of failing) await expect(one).rejects.toThrow('refused');
  expect(await limited(pool, 'b', () => Promise.resolve('done'))).toBe('done');
});
