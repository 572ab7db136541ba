import type { MstartFindingsInput, TriageCategory } from '../../../generated/graphql.js';

/** Breaths per minute; both rates are not alarming yet. */
const SLOWEST_BREATHING = 10;
const FASTEST_BREATHING = 30;

/** Findings that are missing and could be decisive. */
export interface MissingFindings {
  missing: (keyof MstartFindingsInput)[];
}

/**
 * mSTaRT for adults (doi 10.1007/s10049-006-0821-3), one branch after the other:
 *
 * 1. walks: SK III
 * 2. does not breathe after the airway was opened: EX, which a physician has to confirm
 * 3. breathes fewer than 10 or more than 30 times a minute: SK I
 * 4. spurting bleeding, or no radial pulse: SK I
 * 5. does not follow simple commands, or breathed in smoke and has a stridor: SK I
 * 6. otherwise: SK II
 *
 * One finding of SK I is sufficient, whatever else is missing; SK II requires all findings.
 */
export function mstart(findings: MstartFindingsInput): TriageCategory | MissingFindings {
  if (findings.walking) return 'SK_III';
  const breathes = findings.breathing ?? isAboveZero(findings.respiratoryRate);
  if (breathes === false) return 'EX';
  const alarms: Finding[] = [
    ['respiratoryRate', isAlarmingRate(findings.respiratoryRate)],
    ['spurtingBleeding', findings.spurtingBleeding ?? undefined],
    ['radialPulse', not(findings.radialPulse)],
    ['followsCommands', not(findings.followsCommands)],
    ['inhalationTraumaWithStridor', findings.inhalationTraumaWithStridor ?? undefined],
  ];
  const missing = alarms.flatMap(([name, alarm]) => (alarm === undefined ? [name] : []));
  if (breathes === undefined) return { missing: ['breathing', ...missing] };
  if (alarms.some(([, alarm]) => alarm)) return 'SK_I';
  return missing.length > 0 ? { missing } : 'SK_II';
}

/** A finding, and whether it makes SK I; undefined if it is missing. */
type Finding = [name: keyof MstartFindingsInput, alarm: boolean | undefined];

function isAboveZero(rate: number | null | undefined): boolean | undefined {
  return rate == null ? undefined : rate > 0;
}

function isAlarmingRate(rate: number | null | undefined): boolean | undefined {
  if (rate == null) return undefined;
  return rate < SLOWEST_BREATHING || rate > FASTEST_BREATHING;
}

function not(finding: boolean | null | undefined): boolean | undefined {
  return finding == null ? undefined : !finding;
}
