import { GraphQLError, parse } from 'graphql';
import type { InternalIdentity } from '../../shared/identity/internal-tokens.js';
import { PushStream } from './push-stream.js';
import type { SubgraphDefinition } from './subgraph.js';

/** The directives under their own names, under another one, and under that of their specification. */
const LINK = `
  extend schema @link(
    url: "https://specs.apollo.dev/federation/v2.9"
    import: ["@key", "@external", "@requires", "@authenticated", { name: "@requiresScopes", as: "@needs" }]
  )
`;

const wardTypes = parse(`${LINK}
  type Query {
    open: String
    signedIn: String @authenticated
    secret(code: Int): String @needs(scopes: [["beds:report"]])
    strict: String! @needs(scopes: [["beds:report"]])
    either: String @needs(scopes: [["nobody:may"], ["facilities:read", "regions:read"]])
    national: String @federation__policy(policies: [["germany-wide"]])
    vault: Vault
    grade: Grade
    patient: Patient
    patients: [Patient!]
    carers: [Carer]
    nurses: [Nurse!]
    locations: [Location!]
  }
  type Mutation {
    write(text: String): String
    discharge(text: String): String @needs(scopes: [["beds:report"]])
  }
  type Subscription {
    moved: Move
    alarm: String @needs(scopes: [["beds:report"]])
  }
  type Move { at: Int whose: String patient: Patient note: String @needs(scopes: [["facilities:read"]]) }
  type Patient @key(fields: "insurance") {
    id: ID!
    whose: String
    insurance: ID @needs(scopes: [["facilities:read"]])
    diagnosis: String @needs(scopes: [["beds:report"]])
    vault: Vault
    failing: String
  }
  type Vault @needs(scopes: [["facilities:read"]]) {
    code: String @needs(scopes: [["beds:report"]])
    door: String
  }
  enum Grade @needs(scopes: [["beds:report"]]) { HIGH }
  interface Carer { name: String shift: String }
  type Nurse implements Carer { name: String shift: String }
  type Doctor implements Carer { name: String shift: String @needs(scopes: [["beds:report"]]) }
  union Location = Room | Vault
  type Room { number: Int }
`);

const officeTypes = parse(`${LINK}
  type Patient @key(fields: "insurance") {
    insurance: ID
    diagnosis: String @external
    bill: Int
    surcharge: String @requires(fields: "diagnosis") @needs(scopes: [["beds:report"]])
    letters(first: Int): [String!] @needs(scopes: [["beds:report"]])
  }
`);

export interface Move {
  at: number;
}

type Context = { caller: InternalIdentity };

const vault = { __typename: 'Vault', code: 'the code', door: 'the door' };
const patient = { id: 'p1', insurance: 'A1', diagnosis: 'the diagnosis', vault };
const whose = (_: unknown, __: unknown, { caller }: Context) => caller.claims.roles.join();
const typeOf = ({ __typename }: { __typename: string }) => __typename;

/** Two subgraphs in which most is not for everybody. Roles differ by their scopes: partner < spoc < crisis-staff. */
export function ward() {
  const moved = new PushStream<Move>();
  const alarm = new PushStream<string>();
  const written: string[] = [];
  const write = (_: unknown, { text }: { text: string }) => {
    written.push(text);
    return text;
  };
  const wardDefinition: SubgraphDefinition = {
    name: 'ward',
    typeDefs: wardTypes,
    resolvers: {
      Query: {
        open: () => 'open',
        signedIn: () => 'signed in',
        secret: () => 'the secret',
        strict: () => 'strict',
        either: () => 'either',
        national: () => 'national',
        vault: () => vault,
        grade: () => 'HIGH',
        patient: () => patient,
        patients: () => [patient, { ...patient, id: 'p2' }],
        carers: () => [
          { __typename: 'Nurse', name: 'Ina', shift: 'early' },
          { __typename: 'Doctor', name: 'Udo', shift: 'late' },
        ],
        nurses: () => [{ name: 'Ina', shift: 'early' }],
        locations: () => [{ __typename: 'Room', number: 7 }, vault],
      },
      Mutation: { write, discharge: write },
      Subscription: {
        moved: {
          subscribe: () => moved.listen(),
          resolve: (move: Move) => ({ ...move, patient, note: 'the note' }),
        },
        alarm: { subscribe: () => alarm.listen(), resolve: (text: string) => text },
      },
      Move: { whose },
      Patient: {
        whose,
        failing: () => {
          throw new GraphQLError('not today', { extensions: { code: 'BAD_USER_INPUT' } });
        },
        __resolveReference: () => patient,
      },
      Carer: { __resolveType: typeOf },
      Location: { __resolveType: typeOf },
    },
  };
  const officeDefinition: SubgraphDefinition = {
    name: 'office',
    typeDefs: officeTypes,
    resolvers: {
      Patient: {
        __resolveReference: (reference: unknown) => reference,
        bill: () => 12,
        surcharge: ({ diagnosis }: { diagnosis: string }) => `for ${diagnosis}`,
        letters: (_: unknown, { first }: { first: number }) => ['a', 'b'].slice(0, first),
      },
    },
  };
  return { definitions: { ward: wardDefinition, office: officeDefinition }, moved, alarm, written };
}
