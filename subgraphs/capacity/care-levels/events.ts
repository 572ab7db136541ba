/** Topic of a declared level of care. Its event names the facility as its entity and is tagged with `level`. */
export type CareLevelTopic = 'capacity.care-level-declared';
