import { nextChange } from '../../../../shared/testing/next-change.js';
import { UNKNOWN_ID } from '../../../../shared/testing/unknown-id.js';
import {
  patientsWorld,
  type PatientsWorld,
  type TestIdentity,
} from '../../testing/patients-world.js';
import {
  casualty,
  DISPATCH,
  ELSEWHERE,
  MUNICH,
  newIncident,
  newKey,
  register,
} from '../../testing/casualties.js';

let world: PatientsWorld;
beforeAll(async () => {
  world = await patientsWorld();
});
afterAll(() => world.close());

const act = (field: string, type: string, input: object, who: TestIdentity = DISPATCH) =>
  world.request(
    `mutation ($input: ${type}!) { ${field}(input: $input) { __typename } }`,
    { input },
    who,
  );
const estimate = (incident: string, estimatedCasualties: number, who?: TestIdentity) =>
  act('updateEstimate', 'UpdateEstimateInput', { incident, estimatedCasualties }, who);
const close = (incident: string) =>
  act('closeIncident', 'CloseIncidentInput', { incident, reason: 'all transported' });
const escalate = (incident: string, leadingArea: string) =>
  act('escalateIncident', 'EscalateIncidentInput', { incident, leadingArea, reason: 'too much' });
const openSection = (incident: string) =>
  act('openSection', 'OpenSectionInput', {
    incident,
    name: 'BHP 1',
    kind: 'TREATMENT',
    idempotencyKey: newKey(),
  });

describe('a subscriber', () => {
  const WATCH = `subscription ($id: ID, $area: String, $after: String) {
    incidentChanged(id: $id, area: $area, after: $after) { cursor at incident { id status estimatedCasualties } } }`;
  const watchFromNow = (variables: object, who: TestIdentity = DISPATCH) =>
    world.watchFromNow(WATCH, variables, who);

  test('receives every change of the given incident and area, in its present state', async () => {
    const [id, other] = [await newIncident(world), await newIncident(world, { area: MUNICH })];
    const byId = await watchFromNow({ id });
    const byArea = await watchFromNow({ area: '09' });
    await estimate(id, 3);
    await estimate(other, 40, ELSEWHERE);
    expect(await nextChange(byId)).toMatchObject({
      at: world.clock.now.toISOString(),
      incident: { id, status: 'OPEN', estimatedCasualties: 3 },
    });
    await close(id);
    expect((await nextChange(byId)).incident.status).toBe('CLOSED');
    expect((await nextChange(byArea)).incident).toMatchObject({
      id: other,
      estimatedCasualties: 40,
    });
    await Promise.all([byId, byArea].map((watch) => watch.return!()));
  });

  test('who resumes with a cursor receives the incident once, in its present state', async () => {
    const id = await newIncident(world);
    const after = await world.cursor();
    await estimate(id, 1);
    await estimate(id, 2);
    const watch = await world.watch(WATCH, { id, after }, DISPATCH);
    expect((await nextChange(watch)).incident.estimatedCasualties).toBe(2);
    await close(id);
    expect((await nextChange(watch)).incident.status).toBe('CLOSED');
    await watch.return!();
  });

  test('receives changes of casualties only if they see the casualties', async () => {
    const id = await newIncident(world);
    const sees = await watchFromNow({ id });
    const seesNot = await watchFromNow({ id }, ELSEWHERE);
    await register(world, { incident: id }, [casualty()]);
    expect((await nextChange(sees)).incident).toMatchObject({ id, estimatedCasualties: null });
    await estimate(id, 9);
    for (const watch of [sees, seesNot]) {
      expect((await nextChange(watch)).incident.estimatedCasualties).toBe(9);
    }
    await Promise.all([sees, seesNot].map((watch) => watch.return!()));
  });

  test.each([
    ['an incident that does not exist', { id: UNKNOWN_ID }, DISPATCH, 'BAD_USER_INPUT'],
    ['an area that is none', { area: 'NRW' }, DISPATCH, 'BAD_USER_INPUT'],
    ['any incident without the right', {}, { role: 'partner' }, 'FORBIDDEN'],
  ])('of %s is refused', async (_, variables, who, code) => {
    const watch = await world.watch(WATCH, variables, who);
    await expect(watch.next()).rejects.toMatchObject([{ extensions: { code } }]);
  });

  test('receives nothing for a refused change', async () => {
    const id = await newIncident(world);
    await close(id);
    const before = await world.eventCount();
    await close(id);
    await estimate(id, 1);
    await escalate(id, '05');
    await openSection(id);
    expect(await world.eventCount()).toBe(before);
  });
});
