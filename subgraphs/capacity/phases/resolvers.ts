import { throwIfFault } from '../../../shared/errors/index.js';
import { permit } from '../../../shared/identity/index.js';
import { type Change, watch } from '../../../shared/outbox/index.js';
import { reasonFault } from '../../../shared/validation/rules.js';
import type { Resolvers, SubscriptionPhaseChangedArgs } from '../generated/graphql.js';
import { isOfPhase } from './events.js';
import {
  common,
  competenceFor,
  overlap,
  refusalOf,
  strictest,
  unknownArea,
  unknownPhaseDeclaration,
} from './rules.js';

/** A change of phase, and the area that its watcher watches. */
export interface WatchedPhaseChange extends Change {
  watched: string;
}

export const phaseResolvers: Resolvers = {
  Query: {
    phases: (_, { area }, { caller, phases }) => {
      permit(caller, 'regions:read');
      return phases.bearingOn([area ?? '']);
    },
  },
  Mutation: {
    declarePhase: async (_, { input }, { caller, phases, regions, now }) => {
      permit(caller, 'phases:declare');
      const competence = competenceFor(input.phase, input.area);
      permit(caller, competence.scope, competence);
      const refusal = refusalOf(input);
      if (refusal) return refusal;
      if (!(await regions.find(input.area || 'DE'))) return unknownArea(input.area);
      return phases.declare({ caller, field: 'declarePhase', input, now });
    },
    endPhase: async (_, { input: { phase: id, reason } }, { caller, phases }) => {
      permit(caller, 'phases:declare');
      throwIfFault(reasonFault(reason));
      const declaration = await phases.find(id);
      if (!declaration) return unknownPhaseDeclaration(id);
      const competence = competenceFor(declaration.phase, declaration.area);
      permit(caller, competence.scope, competence);
      return phases.end(id, reason, caller);
    },
  },
  Subscription: {
    phaseChanged: {
      subscribe: (_, { area, after }, context) => {
        permit(context.caller, 'regions:read');
        const watched = area ?? '';
        return watch(context, {
          after,
          matches: (event) => isOfPhase(event) && overlap(event.area, watched),
        });
      },
      resolve: (
        change: Change,
        { area }: Partial<SubscriptionPhaseChangedArgs>,
      ): WatchedPhaseChange => ({
        ...change,
        watched: area ?? '',
      }),
    },
  },
  PhaseDeclaration: {
    region: ({ area }, _, { caller, regions }) => {
      permit(caller, 'regions:read');
      return regions.ofArea(area);
    },
  },
  AreaTooNarrow: {
    region: ({ area }, _, { caller, regions }) => {
      permit(caller, 'regions:read');
      return regions.ofArea(area);
    },
  },
  PhaseChange: {
    declaration: ({ entity }, _, { phases }) => (entity === null ? null : phases.get(entity)),
    phases: ({ watched }, _, { phases }) => phases.bearingOn([watched]),
    regions: async ({ entity, watched }, { level }, { phases, regions }) => {
      if (entity === null) return [];
      const { area } = await phases.get(entity);
      return regions.ofLevelIn(level ?? 'KREIS', common(area, watched));
    },
  },
  Facility: {
    phase: async (ref, _, { facilities, phases }) =>
      strictest(await phases.bearingOn([(await facilities.get(ref)).area])),
    phases: async (ref, _, { facilities, phases }) =>
      phases.bearingOn([(await facilities.get(ref)).area]),
  },
  Region: {
    phases: async (region, _, { phases, regions }) =>
      phases.bearingOn(await regions.areasOf(region)),
  },
};
