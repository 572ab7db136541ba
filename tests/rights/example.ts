/** An operation that meets the right of the row, and the place of its answer that is null where the right is missing. */
export interface Example {
  operation: string;
  at: readonly (string | number)[];
  /** The same for roles that come to the place by another way only. */
  by?: Readonly<Record<string, Example>>;
}
