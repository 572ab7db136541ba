/** Topic of what an organisation can make. Its event names the declaration as its entity and is tagged with `organisation` and `item`. */
export type ManufacturingTopic = 'supply.manufacturing-declared';
