import {
  type Fault,
  invalid,
  noneWithId,
  positionFault,
  tooManyFault,
  type WithTypename,
} from '../../../../shared/validation/rules.js';
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
import { identityOf, judgeIdentity } from '../identities/rules.js';
import type { Identity } from '../identities/index.js';
import { invalidPzc, normalisedPzc } from '../patients/rules.js';
import { notByPhysician } from '../triage/rules.js';

/** Maximum number of casualties of one call. */
export const MOST_CASUALTIES = 5_000;
const LONGEST_TAG = 64;

/** A casualty that can be stored. */
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
  /** Null if neither name nor date of birth is known. */
  identity: Identity | null;
}

export type CasualtyRefusal =
  | WithTypename<InvalidTag>
  | WithTypename<InvalidPzc>
  | WithTypename<InvalidPosition>
  | WithTypename<InvalidIdentity>
  | WithTypename<UnknownSection>
  | WithTypename<NotByPhysician>;

/** Returns the fault of a call as a whole; undefined if it has none. */
export function registrationFault({
  incident,
  facility,
  casualties: { length },
}: RegisterCasualtiesInput): Fault | undefined {
  const tooMany = tooManyFault('casualties', length, MOST_CASUALTIES);
  if (tooMany) return tooMany;
  if (length === 0) return 'casualties names at least one person; received none.';
  if ((incident == null) !== (facility == null)) return undefined;
  return `Give either incident or facility; received ${incident == null ? 'neither' : 'both'}.`;
}

/** A casualty as the resolver receives it: the schema fills in defaults. */
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

/** Judges one casualty on its own; `sections` are those of the incident. It refuses only what is impossible. */
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
  const mislaid = position && invalid('InvalidPosition', 'position', positionFault(position));
  if (position && mislaid) return { ...mislaid, ...position };
  if (section != null && !sections.has(section)) return unknownSection(section);
  const unidentified = judgeIdentity(input, today);
  if (unidentified) return unidentified;
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

export function tagInUse(tag: string, patient: string) {
  return {
    __typename: 'TagInUse',
    message: `Another patient already has the tag ${tag}. If this is the same person, triage them instead; otherwise give another tag.`,
    tag,
    patient: { id: patient },
  } as const;
}

function invalidTag(tag: string): WithTypename<InvalidTag> {
  const refusal = invalid(
    'InvalidTag',
    'tag',
    `A tag has 1 to ${LONGEST_TAG} characters; received ${tag.length}. Give the number of the card.`,
  );
  return { ...refusal, tag: tag.slice(0, LONGEST_TAG) };
}

function unknownSection(section: string): WithTypename<UnknownSection> {
  return noneWithId('section', section, '`Incident.sections`; a facility has none');
}
