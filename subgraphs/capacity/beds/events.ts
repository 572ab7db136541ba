/** Topics of the changes of reported beds. Their events name the facility as their entity and are tagged with `category`. */
export type BedTopic = 'capacity.beds-reported' | 'capacity.beds-went-stale';
