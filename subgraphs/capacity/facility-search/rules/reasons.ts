import type { StoredClosure } from '../../closures/rules.js';
import type {
  BedCategory,
  Capability,
  Hazard,
  LeftOutCode,
  PlaceCautionCode,
  TriageCategory,
} from '../../generated/graphql.js';
import type { DeclaredPhase } from '../../phases/index.js';
import type { BedsFacts, CasualtyFacts } from './facts.js';

/** A reason against a facility, or against one thing it has. */
export interface Reason {
  code: LeftOutCode;
  message: string;
  category: BedCategory | null;
  intake: TriageCategory | null;
  needs: Capability[];
  hazard: Hazard | null;
  phase: DeclaredPhase | null;
  closure: StoredClosure | null;
}

/** A caution to know before anyone is sent to a facility that is usable all the same. */
export interface Caution {
  code: PlaceCautionCode;
  message: string;
  category: BedCategory | null;
  intake: TriageCategory | null;
  closure: StoredClosure | null;
}

/** Its subject: beds, an intake, or with both null the facility. */
export interface About {
  category: BedCategory | null;
  intake: TriageCategory | null;
}

const FACILITY: About = { category: null, intake: null };

export function bedsFull(beds: BedsFacts): Reason {
  const { category, free } = beds;
  if (free === 0) return reason('NO_PLACE_LEFT', `No bed is free: ${category}.`, about(beds));
  const count = free === null ? 'without a number' : `with ${free} free by its numbers`;
  return reason(
    'NO_PLACE_LEFT',
    `The facility says UNAVAILABLE of ${category}, ${count}.`,
    about(beds),
  );
}

export function bedsStale(beds: BedsFacts, hazard: Hazard | null, minutes?: number): Reason {
  const limit =
    minutes === undefined || beds.stale
      ? 'longer ago than it can be relied on'
      : `more than the ${minutes} minutes ago that a number holds under ${hazard}`;
  return reason(
    'STALE',
    `${beds.category} was observed at ${beds.observedAt.toISOString()}, ${limit}.`,
    about(beds),
  );
}

export function bedsUnknown(category: BedCategory): Reason {
  return reason('NOT_REPORTED', `No number of ${category} was reported.`, {
    category,
    intake: null,
  });
}

/** Says neither why nor from when on: together these hours are a list of targets. */
export function unsustained({ category, intake }: About): Reason {
  return reason(
    'NOT_SUSTAINABLE',
    `The facility cannot sustain ${category ?? 'its care'} for long enough.`,
    { category, intake },
  );
}

export function failureSetAside({ category, intake }: About): Caution {
  return {
    code: 'FAILURE_SET_ASIDE',
    message:
      'The facility cannot sustain its care for long, but no facility that was queried can. Announce them, and ask how long it can go on.',
    category,
    intake,
    closure: null,
  };
}

export function intakeFull({ category, limit, reserved }: CasualtyFacts): Reason {
  return reason(
    'NO_PLACE_LEFT',
    `The intake of ${category} is ${limit}${reserved === null ? '' : `, and ${reserved} are reserved`}.`,
    {
      category: null,
      intake: category,
    },
  );
}

export function intakeUnknown(intake: TriageCategory): Reason {
  return reason('NOT_REPORTED', `No intake of ${intake} is declared for this hour.`, {
    category: null,
    intake,
  });
}

export function needsUnmet(needs: Capability[]): Reason {
  return {
    ...reason('NEED_UNMET', `The facility is not known to have ${needs.join(', ')}.`, FACILITY),
    needs,
  };
}

export function closedBy(closure: StoredClosure): Reason {
  const { department, urgencies, until, hazard, reason: why } = closure;
  const message = `${department} is closed for ${urgencies.join(', ')} until ${until.toISOString()}: ${why}`;
  return { ...reason('CLOSED', message, FACILITY), hazard, closure };
}

export function overwhelmed(): Reason {
  return reason('OVERWHELMED', 'The facility has declared its care DECOMPENSATED.', FACILITY);
}

export function underHazard(phase: DeclaredPhase): Reason {
  const message = `The facility lies in an area under ${phase.hazard} (${phase.phase}).`;
  return { ...reason('HAZARD', message, FACILITY), hazard: phase.hazard, phase };
}

export function needsModelled(needs: readonly Capability[]): Caution {
  return {
    code: 'MODELLED_CAPABILITIES',
    message: `Modelled, not declared by the facility: ${needs.join(', ')}. Call the facility before anyone sets out.`,
    ...FACILITY,
    closure: null,
  };
}

export function staleAccepted(beds: BedsFacts): Caution {
  return {
    code: 'STALE_ACCEPTED',
    message: `${beds.category} was observed at ${beds.observedAt.toISOString()}. Call the facility before anyone sets out.`,
    ...about(beds),
    closure: null,
  };
}

export function closureSetAside(closure: StoredClosure, { category, intake }: About): Caution {
  return {
    code: 'CLOSURE_SET_ASIDE',
    message: `${closure.department} is closed, but no facility that was queried is open to these patients. Announce them.`,
    category,
    intake,
    closure,
  };
}

function about({ category }: BedsFacts): About {
  return { category, intake: null };
}

function reason(code: LeftOutCode, message: string, { category, intake }: About): Reason {
  return { code, message, category, intake, needs: [], hazard: null, phase: null, closure: null };
}
