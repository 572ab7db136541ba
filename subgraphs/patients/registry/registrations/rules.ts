import { positionFault } from '../../../../shared/validation/rules.js';
import type { Named } from '../../capacity-client/rules.js';
import type {
  CasualtyInput,
  InvalidIdentity,
  InvalidPosition,
  InvalidPzc,
  InvalidTag,
  Need,
  NotByPhysician,
  PatientOrigin,
  RegisterCasualtiesInput,
  TriageCategory,
  UnknownSection,
} from '../../generated/graphql.js';
import { identityFault, identityOf } from '../identities/rules.js';
import type { Identity } from '../identities/seal.js';
import { invalidPzc, normalisedPzc } from '../patients/rules/pzc.js';
import { notByPhysician } from '../triage/rules.js';

/** The most casualties of one call. */
export const MOST_CASUALTIES = 5_000;
const LONGEST_TAG = 64;

/** A casualty that may be stored. */
export interface AcceptedCasualty {
  tag: string;
  category: TriageCategory;
  byPhysician: boolean;
  transportPriority: boolean;
  needs: Need[];
  ventilated: boolean;
  physicianEscort: boolean;
  pzc: string | null;
  position: { latitude: number; longitude: number } | null;
  section: string | null;
  origin: PatientOrigin;
  /** Null where nothing is known of who he is. */
  identity: Identity | null;
}

export type CasualtyRefusal =
  | Named<InvalidTag>
  | Named<InvalidPzc>
  | Named<InvalidPosition>
  | Named<InvalidIdentity>
  | Named<UnknownSection>
  | Named<NotByPhysician>;

/** What is wrong with a call as a whole; undefined when nothing is. */
export function registrationFault({
  incident,
  facility,
  casualties: { length },
}: RegisterCasualtiesInput): { code: 'BAD_USER_INPUT' | 'TOO_MUCH'; message: string } | undefined {
  if (length > MOST_CASUALTIES) {
    return {
      code: 'TOO_MUCH',
      message: `One call takes up to ${MOST_CASUALTIES} casualties; ${length} came. Nothing was stored; send them in several calls.`,
    };
  }
  if (length === 0) {
    return { code: 'BAD_USER_INPUT', message: 'casualties names at least one person; none came.' };
  }
  if ((incident == null) !== (facility == null)) return undefined;
  return {
    code: 'BAD_USER_INPUT',
    message: `Give either incident or facility; ${incident == null ? 'neither' : 'both'} came.`,
  };
}

/** A casualty as it comes: what was left out has the value the schema gives it. */
export type Casualty = CasualtyInput &
  Required<
    Pick<
      CasualtyInput,
      | 'category'
      | 'physician'
      | 'transportPriority'
      | 'needs'
      | 'ventilated'
      | 'physicianEscort'
      | 'origin'
    >
  >;

/** Judges one casualty by itself; `sections` are those of the incident. Patients first: only what cannot be is refused. */
export function judgeCasualty(
  input: Casualty,
  sections: ReadonlySet<string>,
  today: string,
): AcceptedCasualty | CasualtyRefusal {
  const { category, section, position, pzc } = input;
  const tag = input.tag.trim();
  if (tag === '' || tag.length > LONGEST_TAG) return invalidTag(tag);
  const code = pzc == null ? null : normalisedPzc(pzc);
  if (code === undefined) return invalidPzc(pzc!);
  const fault = position && positionFault(position);
  if (position && fault) return { __typename: 'InvalidPosition', message: fault, ...position };
  if (section != null && !sections.has(section)) return unknownSection(section);
  const field = identityFault(input, today);
  if (field) return field;
  const refused = notByPhysician(category, input.physician);
  if (refused) return refused;
  return {
    tag,
    category,
    byPhysician: input.physician && category !== 'UNTRIAGED',
    transportPriority: input.transportPriority,
    needs: [...new Set(input.needs)],
    ventilated: input.ventilated,
    physicianEscort: input.physicianEscort,
    pzc: code,
    position: position ?? null,
    section: section ?? null,
    origin: input.origin,
    identity: identityOf(input),
  };
}

export function duplicateTag(tag: string, patient: string) {
  return {
    __typename: 'DuplicateTag',
    message: `The tag ${tag} is worn already. If this is the same person, triage him instead; otherwise give him another tag.`,
    tag,
    patient: { id: patient },
  } as const;
}

function invalidTag(tag: string): Named<InvalidTag> {
  return {
    __typename: 'InvalidTag',
    message: `A tag has 1 to ${LONGEST_TAG} characters; ${tag.length} came. Give the number of the card.`,
    tag: tag.slice(0, LONGEST_TAG),
  };
}

function unknownSection(section: string): Named<UnknownSection> {
  return {
    __typename: 'UnknownSection',
    message: `The incident has no section with the id ${section.slice(0, 100)}. Take it from \`Incident.sections\`; a facility has none.`,
    sectionId: section,
  };
}
