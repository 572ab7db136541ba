import { callersFault, throwIfFault } from '../../../shared/errors/index.js';
import { permit } from '../../../shared/identity/index.js';
import { MINUTE_MS } from '../../../shared/time/rules.js';
import type { Resolvers, TriageCategory } from '../generated/graphql.js';
import { unknownFacility } from '../facilities/rules.js';
import { seesIntake } from '../access/index.js';
import { withoutCasualties } from './rules.js';
import { faultInIntake, judgeIntake, MOST_NUMBERS } from './rules/declaration.js';

/** Clocks differ; an instant this far back is still accepted as now. */
const MINUTES_BACK = 5;

export const intakeResolvers: Resolvers = {
  Mutation: {
    declareIntake: async (_, { input }, { caller, facilities, intakes, now }) => {
      permit(caller, 'intake:declare');
      if (input.numbers.length > MOST_NUMBERS) throw tooMany(input.numbers.length);
      throwIfFault(faultInIntake(input));
      const facility = await facilities.find(input.facility);
      if (!facility) return unknownFacility(input.facility);
      permit(caller, 'intake:declare', { facility: facility.id, area: facility.area });
      const call = { caller, field: 'declareIntake', input, now };
      return intakes.declare(call, facility, () => judgeIntake(input, facility.kind, now));
    },
  },
  Facility: {
    intake: async ({ id }, { at }, { intakes, now, visibility }) => {
      if (at && at.getTime() < now.getTime() - MINUTES_BACK * MINUTE_MS) {
        throw callersFault(
          'BAD_USER_INPUT',
          `at lies now or in the future; received ${at.toISOString()}. The intake of the past is not kept here.`,
        );
      }
      const intake = await intakes.of(id, at ?? now);
      const shown = seesIntake(visibility, id) ? intake : intake.map(withoutCasualties);
      return shown.map((one) => ({ id: intakeId(id, one.category, at), ...one }));
    },
  },
};

/** The intake planned for an instant is another object than the present one, so that no cache shows one as the other. */
function intakeId(facility: string, category: TriageCategory, at: Date | null | undefined): string {
  return [facility, category, ...(at ? [at.toISOString()] : [])].join(':');
}

function tooMany(count: number) {
  return callersFault(
    'TOO_MUCH',
    `A declaration has up to ${MOST_NUMBERS} numbers; received ${count}. Nothing was declared.`,
  );
}
