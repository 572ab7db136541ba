import { parse } from 'graphql';
import { refusalsFollowAPattern, refusalsNameTheirLimits } from './refusals.js';
import { subgraphOf } from './subgraph-types.js';

const problems = (name: string, fields = '') =>
  refusalsFollowAPattern([
    subgraphOf(
      'a',
      parse(`type Bed { id: ID! } type ${name} implements Refusal { message: String! ${fields} }`),
    ),
  ]);

test.each([
  ['UnknownBed', 'bedId: ID!', 'bed: ID!'],
  ['UnknownSupplyLine', 'supplyLineId: ID!', 'lineId: ID!'],
  ['UnknownVehicle', 'callSign: String!', 'vehicleId: ID!'],
  ['InvalidBed', 'field: String!', 'fields: [String!]!'],
  ['BedEnded', 'bed: Bed!', 'endedAt: DateTime!'],
  ['BedExists', 'bed: Bed', 'bed: ID!'],
  ['BedExists', 'bedId: ID!', 'existing: Bed!'],
])('%s has the field `%s` of its pattern, and not `%s` instead', (name, right, wrong) => {
  expect(problems(name, right)).toEqual([]);
  expect(problems(name, wrong)).toEqual([expect.stringMatching(`^type ${name} in a refuses `)]);
});

test.each([
  ['BedNotFound', 'Unknown<Thing>'],
  ['IncompleteBed', 'Invalid<Thing>'],
  ['BedIncomplete', 'Invalid<Thing>'],
  ['BedsWithoutSource', 'Invalid<Thing>'],
  ['LegalBasisMissing', 'Invalid<Thing>'],
  ['AlreadyDeclared', '<Thing>Exists'],
  ['BedRegisteredAlready', '<Thing>Exists'],
  ['DuplicateBed', '<Thing>Exists'],
  ['ActiveTransfer', '<Thing>Exists'],
  ['PhaseHasEnded', '<Thing>Ended'],
  ['IncidentClosed', '<Thing>Ended'],
  ['SupplyRequestOver', '<Thing>Ended'],
  ['DeliveryTooLate', '<Value>OutOfRange'],
])('a refusal cannot be called %s, because that is %s', (name, instead) => {
  expect(problems(name, 'field: String! bed: Bed')).toEqual([
    `type ${name} in a has a name of its own: call it \`${instead}\`, as the others of its kind.`,
  ]);
});

test('a refusal of its own kind, and a type that is no refusal, may have any name', () => {
  expect(problems('NoFreeSlot')).toEqual([]);
  expect(problems('AlreadyThere')).toEqual([]);
  expect(
    refusalsFollowAPattern([subgraphOf('a', parse('type IncidentClosed { id: ID! }'))]),
  ).toEqual([]);
});

test('a refusal of a value outside its limits has the name of the input, the value and both limits', () => {
  const refused = (fields: string, name = 'LateReport') =>
    refusalsNameTheirLimits([
      subgraphOf('a', parse(`type ${name} implements Refusal { message: String! ${fields} }`)),
    ]);
  const instant = 'field: String! at: DateTime! earliest: DateTime!';
  expect(refused(`${instant} latest: DateTime!`)).toEqual([]);
  expect(refused('field: String! value: Float! minimum: Float maximum: Float!')).toEqual([]);
  expect(refused('field: String!')).toEqual([]);
  expect(refused(instant)).toHaveLength(1);
  expect(refused('largest: Float!')).toHaveLength(1);
  expect(refused('field: String!', 'ImplausibleAge')).toEqual([
    expect.stringMatching(/^type ImplausibleAge in a refuses a value outside its limits/),
  ]);
});
