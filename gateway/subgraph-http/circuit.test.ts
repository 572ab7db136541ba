import { Circuit, CircuitOpenError } from './circuit.js';

let now: number;
let circuit: Circuit;
let notices: string[];
let attempts: number;

beforeEach(() => {
  now = 0;
  attempts = 0;
  notices = [];
  circuit = new Circuit({
    now: () => now,
    opened: (_, cause) => notices.push(`opened: ${(cause as Error).message}`),
    closed: () => notices.push('closed'),
  });
});

const unavailable = async (): Promise<string> => {
  attempts += 1;
  throw new Error('unavailable');
};
const there = async () => {
  attempts += 1;
  return 'there';
};
const outcome = (attempt: () => Promise<string>) =>
  circuit.run(attempt).catch((error: unknown) => error);

async function failTimes(times: number) {
  for (let time = 0; time < times; time += 1) await outcome(unavailable);
}

describe('a circuit', () => {
  it('stays closed while there is a response between failures', async () => {
    for (let round = 0; round < 3; round += 1) {
      await failTimes(4);
      expect(await outcome(there)).toBe('there');
    }
    expect(circuit.state).toBe('closed');
    expect(notices).toEqual([]);
  });

  it('opens at the fifth failure in a row, says so once, and tries nothing any more', async () => {
    await failTimes(4);
    expect(circuit.outage).toBeUndefined();
    await failTimes(20);
    expect(attempts).toBe(5);
    expect(await outcome(there)).toBeInstanceOf(CircuitOpenError);
    expect(circuit.state).toBe('open');
    expect(notices).toEqual(['opened: unavailable']);
  });

  it('lets a single request try after a pause, and closes when it is answered', async () => {
    await failTimes(5);
    now = 500;
    let respond = (_: string) => {};
    const probe = circuit.run(() => new Promise<string>((resolve) => (respond = resolve)));
    expect(circuit.state).toBe('half-open');
    expect(await outcome(there)).toBeInstanceOf(CircuitOpenError);
    respond('there');
    expect(await probe).toBe('there');
    expect(circuit.state).toBe('closed');
    expect(notices).toEqual(['opened: unavailable', 'closed']);
  });

  it('doubles the pause after each failed try, up to five seconds, without another word', async () => {
    await failTimes(5);
    const outage = circuit.outage;
    for (const pause of [500, 1_000, 2_000, 4_000, 5_000, 5_000]) {
      now += pause - 1;
      expect(await outcome(unavailable)).toBeInstanceOf(CircuitOpenError);
      now += 1;
      expect(await outcome(unavailable)).not.toBeInstanceOf(CircuitOpenError);
    }
    expect(circuit.outage).toBe(outage);
    expect(notices).toEqual(['opened: unavailable']);
  });

  it('is not kept open by failures of requests that began before', async () => {
    let fail = () => {};
    const slow = outcome(
      () => new Promise((_, reject) => (fail = () => reject(new Error('late')))),
    );
    await failTimes(5);
    now = 500;
    fail();
    await slow;
    expect(await outcome(there)).toBe('there');
  });
});
