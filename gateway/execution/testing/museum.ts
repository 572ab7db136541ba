import { parse } from 'graphql';
import { composed } from '../../testing/hospital.js';

const FEDERATION = `
  extend schema @link(
    url: "https://specs.apollo.dev/federation/v2.9"
    import: ["@key", "@external", "@requires", "@provides", "@shareable", "@inaccessible", "@interfaceObject"]
  )
`;

const works = `${FEDERATION}
  type Query {
    works: [Work]
    work(id: ID!): Work
    paintings: [Painting!]!
    halls: [[Hall]]
    wings: [[Hall!]!]!
    exhibits: [Exhibit!]
    curator: Person
    rated: [Rated]
    greeting(name: String = "you", loud: Boolean): String
  }
  type Mutation {
    hang(id: ID!, hall: Int): Hall
    restore(id: ID!): Painting!
  }
  interface Work { id: ID! title(upper: Boolean): String maker: Person tags: [String!] sizes: [[Int!]] }
  interface Rated @key(fields: "id") { id: ID! }
  type Painting implements Work & Rated @key(fields: "id") {
    id: ID! title(upper: Boolean): String maker: Person @provides(fields: "name") tags: [String!] sizes: [[Int!]]
    width: Int! style: Style frame: Frame hidden: String @inaccessible near: [Exhibit]
  }
  type Sculpture implements Work & Rated @key(fields: "id") {
    id: ID! title(upper: Boolean): String maker: Person tags: [String!] sizes: [[Int!]] height: Float
  }
  union Exhibit = Painting | Hall | Person | Guard
  type Guard @key(fields: "id") { id: Int! watches: [Exhibit!] }
  enum Style { OIL INK }
  scalar Anything
  type Frame { wood: String! price: Int notes: Anything label: Label! }
  type Label { text: String! }
  type Hall @key(fields: "number") @key(fields: "plan { code }") {
    number: Int! plan: Plan! works: [Work!] inside: [Exhibit] neighbours: [Hall!]! near: [[Hall]] isOpen: Boolean!
  }
  type Plan { code: ID! }
  type Person @key(fields: "id") { id: ID! name: String @external }
`;

const people = `${FEDERATION}
  type Query { people: [Person!] person(id: ID): Person }
  type Mutation { hire(id: ID!): Person }
  type Person @key(fields: "id") {
    id: ID! name: String @shareable born: Int! friends: [Person] boss: Person nickname(short: Boolean = true): String!
    favourite: Painting pupils: [[Person!]]
  }
  type Painting @key(fields: "id", resolvable: false) { id: ID! }
`;

const prices = `${FEDERATION}
  type Painting @key(fields: "id") {
    id: ID! width: Int! @external style: Style @external frame: Frame @external
    price(currency: String = "EUR"): Int
    area: Int @requires(fields: "width")
    insurance: String! @requires(fields: "style frame { price label { text } }")
    buyers: [Person]
  }
  type Sculpture @key(fields: "id") { id: ID! weight: Float! price(currency: String = "EUR"): String }
  type Guard @key(fields: "id") { id: Int! wage: Int }
  enum Style { OIL INK }
  type Frame { price: Int @external label: Label! @external }
  type Label { text: String! @external }
  type Hall @key(fields: "plan { code }") { plan: Plan! @shareable entrance: Int! price: [Int] keeper: Person }
  type Plan { code: ID! @shareable }
  type Person @key(fields: "id", resolvable: false) { id: ID! }
`;

const ratings = `${FEDERATION}
  type Rated @key(fields: "id") @interfaceObject { id: ID! rating: Int critic: Person score: Int! }
  type Person @key(fields: "id", resolvable: false) { id: ID! }
`;

/** A supergraph with everything a plan can hold; its subgraphs never run. */
export const museum = (): string =>
  composed(
    Object.entries({ works, people, prices, ratings }).map(([name, typeDefs]) => ({
      name,
      typeDefs: parse(typeDefs),
    })),
  );
