import { callerOf } from '../core/caller.js';
import { Admission } from './admission.js';
import { FEES, limitsWith } from './limits.js';

/** More than the gateway remembers. */
const NEW_TEXTS = 2_100;

it('a text that is sent often never becomes new again, however many other texts are sent', async () => {
  const admission = new Admission(limitsWith({ costPerMinute: 1_000_000 }), undefined);
  const caller = callerOf(undefined, '192.0.2.1');
  const often = '{ often: __typename }';
  const costs: number[] = [];
  for (let n = 0; n < NEW_TEXTS; n++) {
    await admission.chargeRequest(caller, `{ a${n}: __typename }`);
    if (n % 100 === 0) costs.push((await admission.chargeRequest(caller, often)).cost);
  }

  const [first, ...later] = costs;
  expect(first).toBe(FEES.request + FEES.unknownText);
  expect(new Set(later)).toEqual(new Set([FEES.request]));
});
