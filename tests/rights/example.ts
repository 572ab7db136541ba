/** An operation that meets the right of the row, and the place of its answer that is null where the right is missing. */
export interface Example {
  operation: string;
  at: readonly (string | number)[];
  /** Roles for which the place holds something only where they act for the facility. */
  atFacility?: readonly string[];
  /** The same for roles that come to the place by another way only. */
  by?: Readonly<Record<string, Example>>;
}
