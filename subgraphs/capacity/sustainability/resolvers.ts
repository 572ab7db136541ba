import { callersFault } from '../../../shared/errors/index.js';
import { isRefused } from '../../../shared/idempotency/index.js';
import { type Caller, permit } from '../../../shared/identity/index.js';
import type { Resolvers, SustainabilityCause } from '../generated/graphql.js';
import { judgeDeclaration, mayDeclare } from './rules.js';

/** The most declarations of one call. */
const MOST_DECLARATIONS = 1_000;

export const sustainabilityResolvers: Resolvers = {
  Mutation: {
    declareSustainableBeds: (_, { input }, { caller, sustainability, now }) => {
      permit(caller, 'sustainability:declare');
      if (!mayDeclare(caller.subgraph, input.cause)) throw notItsCause(caller, input.cause);
      return sustainability.declare(input, caller, (declaration) =>
        judgeDeclaration(declaration, now),
      );
    },
    declareSustainableBedsOfMany: async (_, { input }, { caller, sustainability, now }) => {
      permit(caller, 'sustainability:declare');
      const { declarations } = input;
      if (declarations.length > MOST_DECLARATIONS) {
        throw callersFault(
          'TOO_MUCH',
          `One call takes up to ${MOST_DECLARATIONS} declarations; received ${declarations.length}. Nothing was stored; send them in several calls.`,
        );
      }
      const declared = await sustainability.declareMany(input, caller, (declaration) =>
        mayDeclare(caller.subgraph, declaration.cause)
          ? judgeDeclaration(declaration, now)
          : undefined,
      );
      if (isRefused(declared)) return { outcomes: [], keyReused: declared };
      // An Error in a list becomes null there and an error with its position.
      const outcomes = declared.outcomes.map(
        (outcome, position) => outcome ?? notItsCause(caller, declarations[position]!.cause),
      );
      return {
        outcomes: outcomes as Exclude<(typeof outcomes)[number], Error>[],
        keyReused: null,
      };
    },
  },
  Facility: {
    notSustainable: ({ id }, _, { shownLimits }) => shownLimits.isFailing(id),
  },
  Beds: {
    sustainable: async ({ facilityId, category }, _, { shownLimits }) =>
      (await shownLimits.of(facilityId, category)) ?? null,
  },
  SustainableBeds: {
    cause: ({ seesHours, cause }) => (seesHours ? cause : null),
    source: ({ seesHours, source }) => (seesHours ? source : null),
    from: ({ seesHours, fromAt }) => (seesHours ? fromAt : null),
    at: ({ observedAt }) => observedAt,
  },
};

function notItsCause({ subgraph }: Caller, cause: SustainabilityCause): Error {
  return callersFault(
    'FORBIDDEN',
    `Personnel declares STAFF and supply every other cause; received ${cause} from ${subgraph ?? 'a client'}.`,
  );
}
