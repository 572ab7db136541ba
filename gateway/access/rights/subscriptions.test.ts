import { Hospital } from '../../testing/hospital.js';
import { until } from '../../testing/until.js';
import { Watcher } from '../../testing/watcher.js';

let hospital: Hospital;
let partner: string;
let spoc: string;
let staff: string;
beforeAll(async () => {
  hospital = await Hospital.open();
  partner = await hospital.authorization('partner');
  spoc = await hospital.authorization('spoc');
  staff = await hospital.authorization('crisis-staff');
});
afterAll(() => hospital.close());

beforeEach(async () => {
  await until(() => hospital.subscriptions.count().groups === 0);
  await until(() => hospital.ward.moved.listeners === 0);
  hospital.requests();
});

async function watching(authorization: string, query: string): Promise<Watcher> {
  const watcher = new Watcher(hospital.client(authorization), { query });
  await until(() => hospital.ward.moved.listeners === 1);
  return watcher;
}

const denial = (...path: string[]) =>
  expect.objectContaining({ path, extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } });

describe('a subscription', () => {
  it('whose root field is denied is refused, and reaches no subgraph', async () => {
    const watcher = new Watcher(hospital.client(partner), { query: 'subscription { alarm }' });
    expect(await watcher.ended()).toEqual([denial('alarm')]);
    expect(watcher.results).toEqual([]);
    expect(hospital.subgraphs.ward.subscribed).toEqual([]);

    const stream = await hospital.stream(partner, 'subscription { a: alarm }');
    expect(stream).toContain('"code":"UNAUTHORIZED_FIELD_OR_TYPE"');
    expect(stream).toContain('"path":["a"]');
    expect(stream).not.toContain('"data":{');
    expect(hospital.subgraphs.ward.subscribed).toEqual([]);
  });

  it('has null and an error in every message for a denied field below', async () => {
    const watcher = await watching(
      partner,
      `subscription ($no: Boolean = false) {
        moved { at note x: note @include(if: $no) patient { diagnosis letters bill } }
      }`,
    );
    for (const at of [1, 2]) hospital.ward.moved.push({ at });
    expect(await watcher.values(2, (data) => data.moved)).toEqual(
      [1, 2].map((at) => ({
        at,
        note: null,
        patient: { diagnosis: null, letters: null, bill: 12 },
      })),
    );
    const denied = [
      denial('moved', 'note'),
      denial('moved', 'patient', 'diagnosis'),
      denial('moved', 'patient', 'letters'),
    ];
    for (const { errors } of watcher.results) expect(errors).toEqual(denied);
    expect(hospital.subgraphs.ward.subscribed.at(-1)?.query).not.toMatch(/note|diagnosis/);
    expect(hospital.requests().join()).not.toContain('letters');
    watcher.leave();
  });

  it('does not show what the planner fetches for itself', async () => {
    const watcher = await watching(
      partner,
      'subscription { moved { patient { insurance bill } } }',
    );
    hospital.ward.moved.push({ at: 1 });
    const [patient] = await watcher.values(1, (data) => data.moved.patient);
    expect(patient).toEqual({ insurance: null, bill: 12 });
    watcher.leave();
  });

  it('does not take what a client calls by the name of a key for that key', async () => {
    const watcher = await watching(
      partner,
      'subscription { patient: moved { note: at patient { insurance: id bill } } }',
    );
    hospital.ward.moved.push({ at: 1 });
    expect(await watcher.values(1, (data) => data)).toEqual([
      { patient: { note: 1, patient: { insurance: 'p1', bill: 12 } } },
    ]);
    expect(watcher.results[0]!.errors).toBeUndefined();
    watcher.leave();
  });

  it('shares no message between callers of different rights', async () => {
    const query = 'subscription { moved { at whose note patient { whose diagnosis } } }';
    const callers = { partner, spoc, 'crisis-staff': staff };
    const watchers: Record<string, Watcher[]> = {};
    for (const [role, authorization] of Object.entries(callers)) {
      const client = hospital.client(authorization);
      watchers[role] = Array.from({ length: 5 }, () => new Watcher(client, { query }));
    }
    await until(() => hospital.subscriptions.count().subscribers === 15);
    await until(() => hospital.ward.moved.listeners === 3);
    expect(hospital.subscriptions.count().groups).toBe(3);

    const rounds = Array.from({ length: 100 }, (_, at) => at);
    for (const at of rounds) hospital.ward.moved.push({ at });
    for (const [role, all] of Object.entries(watchers)) {
      const note = role === 'partner' ? null : 'the note';
      const diagnosis = role === 'crisis-staff' ? 'the diagnosis' : null;
      for (const watcher of all) {
        expect(await watcher.values(rounds.length, (data) => data.moved)).toEqual(
          rounds.map((at) => ({ at, whose: role, note, patient: { whose: role, diagnosis } })),
        );
        watcher.leave();
      }
    }
  });
});

describe('queries of the same tick and the same operation', () => {
  it('never show a caller what another one may see', async () => {
    const query = `query Same($first: Int) {
      open secret(code: 1)
      patients { id whose insurance diagnosis letters(first: $first) bill surcharge }
    }`;
    const shown = (role: string) => {
      const isStaff = role === 'crisis-staff';
      return {
        open: 'open',
        secret: isStaff ? 'the secret' : null,
        patients: ['p1', 'p2'].map((id) => ({
          id,
          whose: role,
          insurance: role === 'partner' ? null : 'A1',
          diagnosis: isStaff ? 'the diagnosis' : null,
          letters: isStaff ? ['a'] : null,
          bill: 12,
          surcharge: isStaff ? 'for the diagnosis' : null,
        })),
      };
    };
    const callers = Object.entries({ partner, spoc, 'crisis-staff': staff });
    for (let round = 0; round < 40; round += 1) {
      const requester = [...callers, ...callers.toReversed()];
      const responses = await Promise.all(
        requester.map(([, authorization]) => hospital.request(authorization, query, { first: 1 })),
      );
      expect(responses.map(({ data }) => data)).toEqual(requester.map(([role]) => shown(role)));
      expect(responses.map(({ errors = [] }) => errors.length > 0)).toEqual(
        requester.map(([role]) => role !== 'crisis-staff'),
      );
    }
  });
});
