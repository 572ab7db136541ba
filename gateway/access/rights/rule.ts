import { type ClaimSet, rolesWith } from '../../../shared/identity/index.js';
import type { Policy } from './policies.js';

/** The requirement of one directive on a field or type. The caller needs all names of at least one entry of `anyOf`. */
export type Rule =
  | { kind: 'authenticated' }
  | { kind: 'scopes' | 'policies'; anyOf: readonly (readonly string[])[] };

/** Whether a caller meets a rule. A caller without a token meets none. */
export function isMet(
  rule: Rule,
  claims: ClaimSet | undefined,
  policies: ReadonlyMap<string, Policy>,
): boolean {
  if (!claims) return false;
  if (rule.kind === 'authenticated') return true;
  const holds = (name: string) =>
    rule.kind === 'scopes' ? claims.scopes.includes(name) : (policies.get(name)?.(claims) ?? false);
  return rule.anyOf.some((names) => names.every(holds));
}

/** Describes a rule for callers who do not meet it: `the scope patients:read (role dispatch), or transfers:approve (role hospital)`. */
export function requirementText(rule: Rule): string {
  if (rule.kind === 'authenticated') return 'a token';
  if (rule.kind === 'scopes') {
    const scopes = rule.anyOf.map((names) => names.map((name) => `${name} (${rolesWith(name)})`));
    return `the scope ${scopes.map((names) => names.join(' with ')).join(', or ')}`;
  }
  return `the policy ${rule.anyOf.map((names) => names.join(' with ')).join(', or ')}`;
}
