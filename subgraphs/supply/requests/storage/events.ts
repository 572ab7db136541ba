/** Topic of declared storage. Its event names the storage site as its entity and is tagged with `supplier`, its holder. */
export type StorageTopic = 'supply.storage-declared';
