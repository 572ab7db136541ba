import { createHash } from 'node:crypto';

/** How long the work below takes on an idle core of the machines that the tests were written on. */
const IDLE_MS = 20;

let measured: number | undefined;

/**
 * Returns how many times slower than an idle machine this one is, at least 1. It is measured once per process that runs tests,
 * on work that only waits for a processor. A deadline of a test is multiplied by it.
 */
export function slowness(): number {
  measured ??= Math.max(1, measure() / IDLE_MS);
  return measured;
}

function measure(): number {
  const started = performance.now();
  const block = Buffer.alloc(1 << 16);
  for (let round = 0; round < 400; round++) createHash('sha256').update(block).digest();
  return performance.now() - started;
}
