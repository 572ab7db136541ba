/** The directives of the supergraph, read once for each version of it. */
export { AuditedFields } from './audited-fields.js';
export { type ListSize, type PriceList, priceList } from './price-list.js';
export { RecordedTypes } from './recorded-types.js';
export { type Resumable, resumableFields } from './resumable-fields.js';
