/** Topic of declared capabilities. Its event names the facility as its entity. */
export type CapabilityTopic = 'capacity.capabilities-declared';
