import { invalid, noneWithId, type WithTypename } from '../../../shared/validation/rules.js';
import type {
  CommitmentExists,
  CommitmentKind,
  InvalidCommitment,
  UnknownCommitment,
  UnknownOrganisation,
} from '../generated/graphql.js';
import type { OrganisationKind } from '../supply-client/index.js';

/** The kind of organisation that a body is; kinds of commitments without one name none. */
const BODIES: Partial<Readonly<Record<CommitmentKind, OrganisationKind>>> = {
  FIRE_BRIGADE: 'FIRE_BRIGADE',
  THW: 'AID_ORGANISATION',
  AID_ORGANISATION: 'AID_ORGANISATION',
};

const EMPLOYMENTS: ReadonlySet<CommitmentKind> = new Set(['MAIN_EMPLOYER', 'SIDE_JOB']);

/** Refuses what no organisation has to be known for: an employment, and an organisation where the kind has none. */
export function judgeKind(
  kind: CommitmentKind,
  organisation: string | null | undefined,
): WithTypename<InvalidCommitment> | undefined {
  if (EMPLOYMENTS.has(kind)) {
    return invalid(
      'InvalidCommitment',
      'kind',
      `An employment is registered by the employer (\`registerProfessional\`) and not declared; received ${kind}. Declare what binds the person beside it.`,
    );
  }
  if (organisation == null || BODIES[kind]) return undefined;
  return invalid(
    'InvalidCommitment',
    'organisation',
    `${kind} is a commitment without an organisation of the hub; received one. Omit it.`,
  );
}

/** Refuses an organisation that is no body of this kind. */
export function judgeOrganisation(
  kind: CommitmentKind,
  organisationKind: OrganisationKind,
): WithTypename<InvalidCommitment> | undefined {
  if (organisationKind === BODIES[kind]) return undefined;
  return invalid(
    'InvalidCommitment',
    'organisation',
    `A commitment ${kind} names an organisation of the kind ${BODIES[kind]!}; received one of the kind ${organisationKind}. Name another one, or omit it.`,
  );
}

export function unknownOrganisation(id: string): WithTypename<UnknownOrganisation> {
  return noneWithId('organisation', id, '`organisations`');
}

export function commitmentExists(id: string): WithTypename<CommitmentExists> {
  return {
    __typename: 'CommitmentExists',
    message:
      'The same commitment has been declared on this record and holds. Nothing has to be done; end it first if it has to begin again.',
    commitmentId: id,
  };
}

export function unknownCommitment(id: string): WithTypename<UnknownCommitment> {
  return noneWithId('commitment', id, '`Professional.commitments`', 'end');
}
