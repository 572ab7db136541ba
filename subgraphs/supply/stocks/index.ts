/** What facilities and organisations have in stock, and every change of it. */
export { type Booking, bookMovements, type MovementOutcome } from './book.js';
export { seesStocksOf, type StockVisibility, visibleStocks } from './access.js';
export { stockResolvers } from './resolvers.js';
export { StockStore } from './store.js';
export { StockBookings } from './store-booking.js';
