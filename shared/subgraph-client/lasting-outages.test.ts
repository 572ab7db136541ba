import { pino } from 'pino';
import { SECOND_MS } from '../time/rules.js';
import { LastingOutages } from './lasting-outages.js';

function recorded(act: (outages: LastingOutages) => void): number {
  let lines = 0;
  const log = pino({}, { write: () => (lines += 1) });
  act(new LastingOutages(log, 'the list could not be read'));
  return lines;
}

test('an outage that ends within half a minute leaves no line in the log', () => {
  const lines = recorded((outages) => {
    outages.failed(new Error('refused'), 0);
    outages.failed(new Error('refused'), 29 * SECOND_MS);
    outages.ended();
    outages.failed(new Error('refused'), 40 * SECOND_MS);
  });
  expect(lines).toBe(0);
});

test('an outage that lasts is logged', () => {
  const lines = recorded((outages) => {
    outages.failed(new Error('refused'), 0);
    outages.failed(new Error('refused'), 30 * SECOND_MS);
  });
  expect(lines).toBe(1);
});
