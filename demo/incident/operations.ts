/** What the players of an incident ask of the hub. Each operation is answered by one subgraph. */

const REFUSAL = '__typename ... on Refusal { message }';

/** A mutation with its refusals. */
export const change = (field: string, input: string, selection: string) =>
  `mutation Incident($input: ${input}!) { ${field}(input: $input) { ${REFUSAL} ${selection} } }`;

export const DECLARE = change('declareIncident', 'DeclareIncidentInput', '... on Incident { id }');
export const REGISTER = change(
  'registerCasualties',
  'RegisterCasualtiesInput',
  `... on RegisteredCasualties { outcomes { ${REFUSAL} ... on Patient { id } } }`,
);
export const TRIAGE = change('triagePatient', 'TriagePatientInput', '... on Patient { category }');
export const REQUEST = change('requestTransfer', 'RequestTransferInput', '... on Transfer { id }');
export const REQUEST_NEXT = change('requestDestination', 'RequestDestinationInput', '');
export const ASSIGN = change('assignTransport', 'AssignTransportInput', '');
export const REPORT = change('reportVehicleStatus', 'ReportVehicleStatusInput', '');
export const CANCEL = change('cancelTransfer', 'CancelTransferInput', '');
export const CLOSE = change('closeIncident', 'CloseIncidentInput', '');

const WITH_STATUS = '... on StepNotPossible { status }';
export const ACCEPT = change('acceptTransfer', 'AcceptTransferInput', WITH_STATUS);
export const REFUSE = change('refuseTransfer', 'RefuseTransferInput', WITH_STATUS);
export const HAND_OVER = change('handOver', 'HandOverInput', WITH_STATUS);
export const DECLARE_INTAKE = change('declareIntake', 'DeclareIntakeInput', '');

export const NEAREST = /* GraphQL */ `
  query IncidentDestinations($filter: PlaceFilter!) {
    places(filter: $filter, first: 10) {
      nodes {
        facility {
          id
          name
        }
        kilometres
      }
    }
  }
`;

export const AROUND = /* GraphQL */ `
  query IncidentSurroundings($filter: PlaceFilter!) {
    places(filter: $filter, first: 100) {
      nodes {
        intake {
          category
          usable
        }
      }
      leftOut(first: 100) {
        nodes {
          facility {
            id
            kind
          }
          reasons {
            code
          }
        }
      }
    }
  }
`;
