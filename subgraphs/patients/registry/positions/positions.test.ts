import { inputTypeOf } from '../../../../shared/testing/graphql-response.js';
import {
  casualty,
  COLOGNE,
  declaration,
  facilitiesIn,
  newIncident,
  newKey,
  register,
} from '../../testing/casualties.js';
import { patientsWorld, type PatientsWorld } from '../../testing/patients-world.js';

let world: PatientsWorld;
beforeAll(async () => {
  world = await patientsWorld();
});
afterAll(() => world.close());

const NEAR = { latitude: 51.3, longitude: 6.96 };
/** In the Gulf of Guinea, where unset positions lie. */
const FAR = { latitude: 0, longitude: 0 };

async function change(field: string, input: object) {
  const type = inputTypeOf(field);
  const { data, errors } = await world.request(
    `mutation ($input: ${type}!) { outcome: ${field}(input: $input) {
      __typename ... on Refusal { message } ... on InvalidPosition { latitude longitude } } }`,
    { input },
  );
  if (errors) throw new Error(JSON.stringify(errors));
  return data.outcome;
}
const REFUSED = {
  __typename: 'InvalidPosition',
  message: expect.stringMatching(/^The position lies in the Kreis 05315 .* is 56\d\d km away\./),
  ...FAR,
};

test('an incident is not declared at a position far outside its Kreis, and its key stays free', async () => {
  const declared = declaration({ position: FAR });
  expect(await change('declareIncident', declared)).toEqual(REFUSED);
  expect(await change('declareIncident', { ...declared, position: NEAR })).toMatchObject({
    __typename: 'Incident',
  });
});

test('a section is not opened far outside the Kreis of its incident', async () => {
  const section = { incident: await newIncident(world), kind: 'LOADING', idempotencyKey: newKey() };
  expect(await change('openSection', { ...section, name: 'far', position: FAR })).toEqual(REFUSED);
  expect(await change('openSection', { ...section, name: 'near', position: NEAR })).toMatchObject({
    __typename: 'Incident',
  });
});

test.each(['incident', 'facility'])(
  'a casualty far outside the Kreis of the %s is refused, and the others are registered',
  async (where) => {
    const [facility] = await facilitiesIn(world, COLOGNE);
    const scene =
      where === 'incident' ? { incident: await newIncident(world) } : { facility: facility! };
    const who = { role: 'hospital', facilities: [facility!], subject: 'ward' };
    const outcomes = await register(
      world,
      scene,
      [casualty({ position: FAR }), casualty({ position: NEAR }), casualty()],
      ...(where === 'facility' ? [who] : []),
    );
    expect(outcomes.map(({ __typename }) => __typename)).toEqual([
      'InvalidPosition',
      'Patient',
      'Patient',
    ]);
  },
);
