import {
  baseType,
  isInterfaceType,
  isObjectType,
  type InterfaceType,
  type NamedType,
  type ObjectType,
  type Schema,
} from '@apollo/federation-internals';
import type { ClaimSet } from '../../../shared/identity/claims.js';
import { POLICIES } from './policies.js';
import { demandOf, isMet, type Rule } from './rule.js';
import { rulesOn, type RulesOn } from './rule-directives.js';

/** What one claim set may not see. */
export interface Denied {
  /** Equal for claim sets that may see the same. */
  key: string;
  /** Whether the field is denied; one that the index does not know is. */
  denies(type: string, field: string): boolean;
  /** What is missing for a field that is denied, in words. */
  missing(type: string, field: string): string;
}

/** Which rules stand before which field of a supergraph. */
export class RightsIndex {
  readonly #rules: Rule[] = [];
  /** By `Type.field`: places in `#rules`. Every field has an entry, so that a missing one is noticed. */
  readonly #needed = new Map<string, ReadonlySet<number>>();
  /** By the object itself: what a claim set holds never changes. */
  readonly #denied = new WeakMap<ClaimSet, Denied>();

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

  /** Undefined for those who have not said who they are. */
  deniedTo(claims: ClaimSet | undefined): Denied {
    const known = claims && this.#denied.get(claims);
    if (known) return known;
    const denied = this.#deniedTo(claims);
    if (claims) this.#denied.set(claims, denied);
    return denied;
  }

  #deniedTo(claims: ClaimSet | undefined): Denied {
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
        const rules = failing(type, field)?.map((number) => demandOf(this.#rules[number]!));
        return rules?.join(' and ') ?? 'a right that this gateway does not know';
      },
    };
  }
}

/**
 * All rules at once: of the type the field stands in, of the field, of the type it gives. Behind an interface may be any
 * of its types, so there the rules of all of them.
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
