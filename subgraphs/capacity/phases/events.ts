/** Topics of the changes of a declared phase. Their events name the declaration as their entity. */
export type PhaseTopic = 'capacity.phase-declared' | 'capacity.phase-ended';

/** Topic of held beds that begin or cease to count because of a phase. Its event names the facility as its entity. */
export type RecountTopic = 'capacity.holds-recounted';

export function isOfPhase({ topic }: { topic: string }): boolean {
  return topic.startsWith('capacity.phase-');
}
