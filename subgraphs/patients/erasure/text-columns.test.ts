import { Kind, visit, type TypeNode } from 'graphql';
import {
  textColumnsOfDatabase,
  namesOfColumns,
} from '../../../shared/personal-data/testing/columns.js';
import { typeDefsOf } from '../../../shared/subgraph/index.js';
import { patientsWorld, type PatientsWorld } from '../testing/patients-world.js';
import { TEXT_COLUMNS } from './text-columns.js';

let world: PatientsWorld;
beforeAll(async () => {
  world = await patientsWorld();
});
afterAll(() => world.close());

test('every column that can hold a text is listed', async () => {
  expect(namesOfColumns(TEXT_COLUMNS)).toEqual((await textColumnsOfDatabase(world.pool)).sort());
});

test('a new column for a text is found', async () => {
  await world.pool.query('ALTER TABLE vehicle ADD COLUMN remarks TEXT, ADD COLUMN extra JSONB[]');
  const added = (await textColumnsOfDatabase(world.pool)).filter((name) =>
    /remarks|extra/.test(name),
  );
  await world.pool.query('ALTER TABLE vehicle DROP COLUMN remarks, DROP COLUMN extra');
  expect(added).toEqual(['vehicle.extra', 'vehicle.remarks']);
});

/** The text arguments, by what is stored of them; `traces-of-a-person.test.ts` fills those about a patient. */
const TEXT_ARGUMENTS = {
  aboutPatients: `AllocationOverrideInput.reason ApproveTransferInput.reason CancelTransferInput.reason CasualtyInput.dateOfBirth
    CasualtyInput.name CasualtyInput.pzc CasualtyInput.tag DiscardAllocationInput.reason DivertTransferInput.reason
    ErasePatientInput.reason Query.patientByTag.purpose Query.patientByTag.tag RecordIdentityInput.dateOfBirth
    RecordIdentityInput.name RefuseTransferInput.reason RequestDestinationInput.reason RequestTransferInput.reason
    RevealIdentityInput.purpose SeekTransportInput.reason TriagePatientInput.pzc`,
  aboutIncidents: `CloseIncidentInput.reason DeclareIncidentInput.name EscalateIncidentInput.reason OpenSectionInput.name`,
  aboutVehicles: `AssignTransportInput.vehicle LendVehicleInput.vehicle Query.vehicle.callSign ReportVehicleStatusInput.vehicle`,
  pseudonyms: 'PatientsAuditFilter.by PatientsAuditFilter.tag',
  fromTheGateway: `PatientReadInput.disclosed PatientReaderInput.by PatientReaderInput.operation WatchedPatientsInput.claims
    WatchedPatientsInput.criteria WatchedPatientsInput.field`,
};
/** Codes that are checked, cursors that are sealed, keys that are digested. */
const NEVER_WORDS = /\.(area|leadingArea|after|idempotencyKey)$/;

test('every text argument of the schema is classified', () => {
  const path: string[] = [];
  const found: string[] = [];
  visit(typeDefsOf('patients'), {
    enter: (node) => {
      if (node.kind === Kind.DIRECTIVE_DEFINITION) return false;
      if ('name' in node && /Definition|Extension/.test(node.kind)) path.push(node.name.value);
      if (node.kind === Kind.INPUT_VALUE_DEFINITION && namedType(node.type) === 'String') {
        found.push(path.join('.'));
      }
      return undefined;
    },
    leave: (node) => {
      if ('name' in node && /Definition|Extension/.test(node.kind)) path.pop();
    },
  });
  const known = Object.values(TEXT_ARGUMENTS).flatMap((names) => names.split(/\s+/));
  expect(found.filter((name) => !NEVER_WORDS.test(name)).sort()).toEqual(known.sort());
});

function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}
