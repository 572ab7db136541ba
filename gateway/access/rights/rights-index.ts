import {
  baseType,
  isInterfaceType,
  isObjectType,
  type InterfaceType,
  type NamedType,
  type ObjectType,
  type Schema,
} from '@apollo/federation-internals';
import type { ClaimSet } from '../../../shared/identity/index.js';
import { POLICIES } from './policies.js';
import { requirementText, isMet, type Rule } from './rule.js';
import { rulesOn, type RulesOn } from './rule-directives.js';

/** The fields that one claim set may not see. */
export interface DeniedFields {
  /** Equal for claim sets that may see the same fields. */
  key: string;
  /** Whether the field is denied; a field that the index does not know is. */
  denies(type: string, field: string): boolean;
  /** The right that is missing for a denied field, in words. */
  missing(type: string, field: string): string;
}

/** The rules that apply to each field of a supergraph. */
export class RightsIndex {
  readonly #rules: Rule[] = [];
  /** By `Type.field`: indexes in `#rules`. Every field has an entry, so that a missing one is noticed. */
  readonly #needed = new Map<string, ReadonlySet<number>>();
  /** By object identity: a claim set never changes. */
  readonly #denied = new WeakMap<ClaimSet, DeniedFields>();

  /** Throws when a rule cannot be read. */
  constructor(schema: Schema) {
    const rules = rulesOn(schema, POLICIES);
    const numbers = new Map<string, number>();
    const numberOf = (rule: Rule) => {
      const text = JSON.stringify(rule);
      const number = numbers.get(text) ?? this.#rules.push(rule) - 1;
      numbers.set(text, number);
      return number;
    };
    for (const type of schema.types()) {
      if (!isObjectType(type) && !isInterfaceType(type)) continue;
      for (const { name } of type.fields()) {
        const needed = rulesOfField(type, name, rules).map(numberOf);
        this.#needed.set(`${type.name}.${name}`, new Set(needed));
      }
    }
  }

  /** `claims` is undefined for a caller without a token. */
  deniedTo(claims: ClaimSet | undefined): DeniedFields {
    const known = claims && this.#denied.get(claims);
    if (known) return known;
    const denied = this.#deniedTo(claims);
    if (claims) this.#denied.set(claims, denied);
    return denied;
  }

  #deniedTo(claims: ClaimSet | undefined): DeniedFields {
    const failed = new Set(
      this.#rules.flatMap((rule, number) => (isMet(rule, claims, POLICIES) ? [] : [number])),
    );
    const failing = (type: string, field: string) => {
      const needed = this.#needed.get(`${type}.${field}`);
      return needed && [...needed].filter((number) => failed.has(number));
    };
    return {
      key: [...failed].join(),
      denies: (type, field) => failing(type, field)?.length !== 0,
      missing: (type, field) => {
        const rules = failing(type, field)?.map((number) => requirementText(this.#rules[number]!));
        return rules?.join(' and ') ?? 'a right that this gateway does not know';
      },
    };
  }
}

/**
 * Returns the rules of the field, of its type and of its parent type. An interface may return any implementing type, so the
 * rules of all of them apply.
 */
function rulesOfField(type: ObjectType | InterfaceType, name: string, rules: RulesOn): Rule[] {
  const holders: (ObjectType | InterfaceType)[] = isInterfaceType(type)
    ? [type, ...type.allImplementations()]
    : [type];
  return holders.flatMap((holder) => {
    const field = holder.field(name);
    if (!field?.type) return rules(holder);
    const given: NamedType = baseType(field.type);
    return [...rules(holder), ...rules(field), ...rules(given)];
  });
}
