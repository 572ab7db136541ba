import { throwIfFault } from '../../../../shared/errors/index.js';
import { type Caller, forbidden, may, permit, reachOf } from '../../../../shared/identity/index.js';
import { pageLength } from '../../../../shared/lists/index.js';
import type { Resolvers } from '../../generated/graphql.js';
import { unknownOrganisation } from '../../organisations/rules.js';
import { unknownItem } from '../catalogue/rules.js';
import { chainFault, riskReasons, riskScore } from './rules.js';

export const chainResolvers: Resolvers = {
  Query: {
    supplyRisks: (_, { first, after }, { caller, chains }) => {
      if (!seesChains(caller)) throw forbidden(caller, 'supplies:request');
      return chains.risks(pageLength(first), after);
    },
  },
  Mutation: {
    declareSupplyChain: async (_, { input }, { caller, chains, items, organisations }) => {
      if (!may(caller, 'organisations:register')) permit(caller, 'supplies:offer');
      throwIfFault(chainFault(input));
      const organisation = await organisations.find(input.organisation);
      if (!organisation) return unknownOrganisation(input.organisation);
      const { id, area } = organisation;
      if (!may(caller, 'supplies:offer', { organisation: id })) {
        permit(caller, 'organisations:register', { area });
      }
      const item = await items.find(input.item);
      if (!item) return unknownItem(input.item);
      return chains.declare(input, { item: item.id, area }, caller);
    },
  },
  Item: {
    chain: ({ id }, _, { caller, chains }) =>
      chains.shownOf(id, seesChains(caller) ? undefined : reachOf(caller, {}).organisations),
    riskScore: async ({ id }, _, { caller, chains }) =>
      seesChains(caller) ? riskScore(await chains.linksOf(id)) : null,
    riskReasons: async ({ id }, _, { caller, chains }) => {
      if (!seesChains(caller)) return null;
      const links = await chains.linksOf(id);
      return links.length === 0 ? null : riskReasons(links);
    },
  },
  ChainLink: {
    organisation: ({ organisationId }) => ({ id: organisationId }),
  },
};

/** Sources and their stocks are secrets of trade: those who request supply and the authorities see them, competitors do not. */
function seesChains(caller: Caller): boolean {
  return may(caller, 'supplies:request') || may(caller, 'organisations:register');
}
