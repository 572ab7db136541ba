import { closingTable } from './closing-table.js';
import { draw, type Hospital, hoursLeft, notePlan } from './hospital.js';

/** A hospital that draws 100 litres in an hour. */
function hospital(name: string, fuel: number): Hospital {
  const first = { lastedAtFirst: fuel / 100, leastHours: fuel / 100, intensiveBeds: 12 };
  const notYet = {
    request: undefined,
    failedAt: undefined,
    leftPlanAt: undefined,
    returnedAt: undefined,
  };
  return {
    id: name,
    name,
    kreis: '05315',
    fuel,
    load: 100,
    onTheWay: false,
    received: 0,
    ...first,
    ...notYet,
  };
}

test('a hospital that fails before help arrives is noted with its hour, and stays noted when help comes', () => {
  const one = hospital('Nord', 150);
  draw(one, 0, 1);
  expect([one.failedAt, hoursLeft(one)]).toEqual([undefined, 0.5]);
  draw(one, 1, 2);
  expect([one.failedAt, one.fuel, one.leastHours]).toEqual([1.5, 0, 0]);
  one.fuel += 1_000;
  draw(one, 2, 3);
  expect([one.failedAt, one.fuel]).toEqual([1.5, 900]);
});

test('the closing table counts who failed before help arrived, with their beds, and never one that lasted', () => {
  const [failed, kept] = [hospital('Nord', 150), hospital('Süd', 700)];
  for (const one of [failed, kept]) {
    notePlan(one, hoursLeft(one) < 6, 0);
    draw(one, 0, 2);
    notePlan(one, hoursLeft(one) < 6, 2);
  }
  const table = closingTable({ hospitals: [failed, kept], hours: 2, finished: true });
  const lines = table.split('\n');
  expect(lines[1]).toMatch(/^Nord .* 0\.0 .* 1\.5$/);
  expect(lines[2]).toMatch(/^Süd .* -$/);
  expect(lines.at(-1)).toBe(
    'Done: 2 hospitals without the grid for 2 h, 1 failed before help (12 beds of intensive care).',
  );
});
