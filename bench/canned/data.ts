/** The shop of the benchmark that gateways are usually compared with, and enough products to query others each time. */

interface User {
  id: string;
  name: string;
  username: string;
  birthday: string;
}

interface Product {
  upc: string;
  name: string;
  price: number;
  weight: number;
}

export interface Review {
  id: string;
  body: string;
  rating: number;
  authorID: string;
  productUpc: string;
}

const AUTHORS = 6;
const SOLD = 9;
/** Products that only the varying shape queries; each has two reviews. */
export const OTHER_PRODUCTS = 491;
const REVIEWS_OF_SOLD = 24;

const NAMES = ['Uri Green', 'Dora Simon', 'Kamil Kisch', 'Arda Tanner', 'Gila Garden', 'Lau Quast'];
const WARES = ['Table', 'Couch', 'Chair', 'Glass', 'Bed', 'Mouse', 'Keys', 'Trackball', 'Monitor'];

export const USERS: readonly User[] = Array.from({ length: 300 }, (_, index) => ({
  id: String(index + 1),
  name: NAMES[index % NAMES.length]!,
  username: `user${index}`,
  birthday: '1990-01-01',
}));

export const PRODUCTS: readonly Product[] = Array.from(
  { length: SOLD + OTHER_PRODUCTS },
  (_, index) => ({
    upc: String(index + 1),
    name: `${WARES[index % WARES.length]!}${index >= WARES.length ? index : ''}`,
    price: 100 + index * 111,
    weight: 50 + index * 60,
  }),
);

export const REVIEWS: readonly Review[] = Array.from(
  { length: REVIEWS_OF_SOLD + OTHER_PRODUCTS * 2 },
  (_, index) => {
    const other = index - REVIEWS_OF_SOLD;
    const text = { id: String(index + 1), body: `Review number ${index + 1}, lorem ipsum` };
    const about =
      other < 0
        ? { authorID: (index % AUTHORS) + 1, productUpc: (index % SOLD) + 1 }
        : { authorID: 7 + (index % 290), productUpc: SOLD + 1 + (other % OTHER_PRODUCTS) };
    return {
      ...text,
      rating: (index % 5) + 1,
      authorID: String(about.authorID),
      productUpc: String(about.productUpc),
    };
  },
);

export const isInStock = (upc: string): boolean => Number(upc) % 2 === 1;

/** The review that comes as the nth event; its text says when, and whether it counts. */
export function reviewAdded(number: number, body: string): Review {
  return {
    id: `e${number}`,
    body,
    rating: 5,
    authorID: String((number % AUTHORS) + 1),
    productUpc: String((number % SOLD) + 1),
  };
}
