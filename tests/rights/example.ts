/** An operation that meets the right of the row, and the path in its response that is null where the right is missing. */
export interface Example {
  operation: string;
  at: readonly (string | number)[];
  /** Roles for which the path holds a value only where they act for the facility. */
  atFacility?: readonly string[];
  /** Roles for which the path holds a value only where they act for the organisation. */
  atOrganisation?: readonly string[];
  /** Examples for roles that reach the field by another operation only. */
  by?: Readonly<Record<string, Example>>;
}
