/** Topic of a declared supply chain. Its event names the item as its entity and is tagged with `organisation`. */
export type ChainTopic = 'supply.chain-declared';
