/** The limits of a number, both of which are allowed. */
export interface NumberLimits {
  minimum: number;
  maximum: number;
  /** Such as "degrees"; none where the field says it. */
  unit?: string;
}

/** Returns what is wrong with a number that has limits, as a sentence for the caller; undefined when nothing is. */
export function numberFault(
  field: string,
  value: number,
  { minimum, maximum, unit }: NumberLimits,
): string | undefined {
  if (value >= minimum && value <= maximum) return undefined;
  return `${field} lies between ${minimum} and ${maximum}${unit === undefined ? '' : ` ${unit}`}; received ${value}.`;
}
