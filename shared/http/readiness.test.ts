import { readinessOf } from './readiness.js';

test('many who ask at once make one look', async () => {
  let looks = 0;
  const isReady = readinessOf(async () => void (looks += 1));
  const responses = await Promise.all(Array.from({ length: 1_000 }, () => isReady()));
  expect(responses.every(Boolean)).toBe(true);
  expect(await isReady()).toBe(true);
  expect(looks).toBe(1);
});

test('a check that fails is not ready', async () => {
  expect(await readinessOf(() => Promise.reject(new Error('no route')))()).toBe(false);
});

test('a check that hangs is not ready, and is not looked at again', async () => {
  let looks = 0;
  const isReady = readinessOf(() => new Promise(() => (looks += 1)));
  expect(await isReady()).toBe(false);
  expect(await isReady()).toBe(false);
  expect(looks).toBe(1);
});
