import { callersFault, throwIfFault } from '../../../shared/errors/index.js';
import { type Caller, permit } from '../../../shared/identity/index.js';
import { nodesOf, pageInfoOf, pageLength } from '../../../shared/lists/index.js';
import { isRefused, reasonFault, tooManyFault } from '../../../shared/validation/rules.js';
import { seesIntake, seesSustainability, type SustainabilityVisibility } from '../access/index.js';
import type { Resolvers, SustainabilityCause } from '../generated/graphql.js';
import { judgeDeclaration, mayDeclare, overrideRefusal } from './rules.js';
import type { OverrideRow } from './store-review.js';

/** The most declarations of one call. */
const MOST_DECLARATIONS = 1_000;

export const sustainabilityResolvers: Resolvers = {
  Query: {
    sustainabilityToReview: (_, { area, first, after }, context) => {
      const { caller, sustainabilityVisibility, sustainabilityReview } = context;
      permit(caller, 'sustainability:read');
      const page = { first: pageLength(first), after };
      return sustainabilityReview.toReview(area, sustainabilityVisibility, page);
    },
  },
  Mutation: {
    overrideSustainability: async (_, { input }, { caller, sustainabilityReview, now }) => {
      permit(caller, 'sustainability:override');
      throwIfFault(reasonFault(input.reason));
      const outcome = await sustainabilityReview.override(input, caller, ({ id, area }) => {
        permit(caller, 'sustainability:override', { facility: id, area });
        return overrideRefusal(input.until, now);
      });
      return isRefused(outcome) ? outcome : sustainabilityReview.get(outcome.id);
    },
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
      throwIfFault(tooManyFault('declarations', declarations.length, MOST_DECLARATIONS));
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
    sustainabilityOverrides: ({ id }, _, { sustainabilityReview }) => sustainabilityReview.of(id),
    operableBeds: ({ id }, { at }, { caller, operableBeds }) => {
      permit(caller, 'sustainability:declare');
      return operableBeds.at(id, at);
    },
    notSustainable: ({ id }, _, { shownLimits }) => shownLimits.isFailing(id),
  },
  Beds: {
    sustainable: async ({ facilityId, category }, _, { shownLimits }) =>
      (await shownLimits.of(facilityId, category)) ?? null,
  },
  SustainabilityOverride: {
    facility: ({ facilityId }) => ({ id: facilityId }),
    cause: (override, _, { sustainabilityVisibility }) =>
      seesHours(sustainabilityVisibility, override) ? override.cause : null,
    reason: (override, _, { sustainabilityVisibility }) =>
      seesHours(sustainabilityVisibility, override) ? override.reason : null,
    from: ({ placedAt }) => placedAt,
  },
  SustainabilityReviewConnection: {
    nodes: nodesOf,
    pageInfo: pageInfoOf,
  },
  SustainabilityReview: {
    facility: ({ facilityId }) => ({ id: facilityId }),
    override: ({ overrideId }, _, { sustainabilityReview }) =>
      overrideId === null ? null : sustainabilityReview.get(overrideId),
    reservedIntake: ({ facilityId, reservedIntake }, _, { visibility }) =>
      seesIntake(visibility, facilityId) ? reservedIntake : null,
  },
  SustainableBeds: {
    cause: ({ seesHours, cause }) => (seesHours ? cause : null),
    source: ({ seesHours, source }) => (seesHours ? source : null),
    from: ({ seesHours, fromAt }) => (seesHours ? fromAt : null),
    at: ({ observedAt }) => observedAt,
  },
};

function seesHours(visibility: SustainabilityVisibility, { facilityId, area }: OverrideRow) {
  return seesSustainability(visibility, facilityId, area);
}

function notItsCause({ subgraph }: Caller, cause: SustainabilityCause): Error {
  return callersFault(
    'FORBIDDEN',
    `Personnel declares STAFF and supply every other cause; received ${cause} from ${subgraph ?? 'a client'}.`,
  );
}
