/** Stocks of facilities and organisations, and every change of them. */
export { type Booking, bookMovements, type MovementFollower } from './store-movements.js';
export type { FacilityMovement } from './rules/facility-movements.js';
export { seesStocksOf, type StockVisibility, stockVisibilityOf } from './visibility.js';
export { dutyValues } from './duties.js';
export { stockResolvers } from './resolvers.js';
export { AREA, CONCERNS_ITEM, duties } from './statements.js';
export { MODEL, modelStocks } from './store-modelled.js';
export { judgeExpiring, judgeStocks } from './store-usable.js';
export { StockStore } from './store.js';
export { StockBookings } from './store-booking.js';
