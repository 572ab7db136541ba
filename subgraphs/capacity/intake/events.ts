/** Topic of a declared intake. Its event names the facility as its entity and is tagged with `intake`. */
export type IntakeTopic = 'capacity.intake-declared';
