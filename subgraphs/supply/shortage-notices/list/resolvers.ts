import { throwIfFault } from '../../../../shared/errors/index.js';
import { permit } from '../../../../shared/identity/index.js';
import { connectionResolvers, pageLength } from '../../../../shared/lists/index.js';
import { textFault } from '../../../../shared/validation/rules.js';
import type { Resolvers } from '../../generated/graphql.js';

const LONGEST_TEXT = 100;

export const shortageNoticeResolvers: Resolvers = {
  Query: {
    shortageNotices: async (_, { filter, first, after }, { caller, items, shortageNotices }) => {
      permit(caller, 'supply:read');
      const { item, text } = filter ?? {};
      throwIfFault(text == null ? undefined : textFault('text', text, LONGEST_TEXT));
      const pzn = item == null ? null : ((await items.find(item))?.pzn ?? null);
      return shortageNotices.page(filter ?? {}, pzn, pageLength(first), after);
    },
  },
  Item: {
    shortageNotices: ({ id }, _, { shortageNotices }) => shortageNotices.ofItem(id),
  },
  ShortageNotice: {
    caseNumber: async (ref, _, { shortageNotices }) => (await shortageNotices.get(ref)).caseNumber,
    firstCaseNumber: async (ref, _, { shortageNotices }) =>
      (await shortageNotices.get(ref)).firstCaseNumber,
    reportKind: async (ref, _, { shortageNotices }) => (await shortageNotices.get(ref)).reportKind,
    from: async (ref, _, { shortageNotices }) => (await shortageNotices.get(ref)).startsOn,
    until: async (ref, _, { shortageNotices }) => (await shortageNotices.get(ref)).endsOn,
    status: async (ref, _, { shortageNotices }) => (await shortageNotices.get(ref)).status,
    reportedOn: async (ref, _, { shortageNotices }) => (await shortageNotices.get(ref)).reportedOn,
    firstReportedOn: async (ref, _, { shortageNotices }) =>
      (await shortageNotices.get(ref)).firstReportedOn,
    name: async (ref, _, { shortageNotices }) => (await shortageNotices.get(ref)).name,
    atcCode: async (ref, _, { shortageNotices }) => (await shortageNotices.get(ref)).atcCode,
    substances: async (ref, _, { shortageNotices }) => (await shortageNotices.get(ref)).substances,
    hospitalRelevant: async (ref, _, { shortageNotices }) =>
      (await shortageNotices.get(ref)).hospitalRelevant,
    holder: async (ref, _, { shortageNotices }) => (await shortageNotices.get(ref)).holder,
    reasonKind: async (ref, _, { shortageNotices }) => (await shortageNotices.get(ref)).reasonKind,
    reason: async (ref, _, { shortageNotices }) => (await shortageNotices.get(ref)).reason,
    comment: async (ref, _, { shortageNotices }) => (await shortageNotices.get(ref)).comment,
    alternative: async (ref, _, { shortageNotices }) =>
      (await shortageNotices.get(ref)).alternative,
    professionalInformation: async (ref, _, { shortageNotices }) =>
      (await shortageNotices.get(ref)).professionalInformation,
    classification: async (ref, _, { shortageNotices }) =>
      (await shortageNotices.get(ref)).classification,
    packs: ({ id }, _, { shortageNotices }) => shortageNotices.packsOf(id),
  },
  ShortagePack: {
    item: ({ itemId }) => (itemId === null ? null : { id: itemId }),
  },
  ShortageNoticeConnection: connectionResolvers,
};
