/** Topics of the changes of a hold. Their events name the facility as their entity and are tagged with `category`. */
export type HoldTopic = 'capacity.beds-held' | 'capacity.hold-released';
