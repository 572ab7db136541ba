import {
  isCustomScalarType,
  isEnumType,
  type EnumType,
  type ScalarType,
} from '@apollo/federation-internals';

/** Whether a value is valid for a leaf type. */
export type Accepts = (value: unknown) => boolean;

const INTEGER = /^-?(?:0|[1-9][0-9]*)$/;

const isText: Accepts = (value) => typeof value === 'string';
const isNumber: Accepts = (value) => typeof value === 'number' && Number.isFinite(value);
/** A number that is written with an exponent is none. */
const isInteger: Accepts = (value) =>
  Number.isSafeInteger(value) || (isNumber(value) && INTEGER.test(String(value)));

/** Returns the check of a built-in scalar or an enum; subgraphs check their custom scalars. */
export function leafValues(type: ScalarType | EnumType): Accepts {
  if (isEnumType(type)) {
    const names = new Set(type.values.map(({ name }) => name));
    return (value) => typeof value === 'string' && names.has(value);
  }
  if (isCustomScalarType(type)) return () => true;
  switch (type.name) {
    case 'Boolean':
      return (value) => typeof value === 'boolean';
    case 'Int':
      return isInteger;
    case 'Float':
      return isNumber;
    case 'ID':
      return (value) => isText(value) || isInteger(value);
    default:
      return isText;
  }
}
