import { OTHER_PRODUCTS } from './data.js';

export interface Shape {
  name: 'small' | 'varying' | 'big';
  connections: number;
  /** The nth request. */
  body(number: number): string;
}

const SMALL =
  'query Small { topProducts(first: 3) { upc name price inStock reviews { id body author { name } } } }';
const VARYING =
  'query Varying($upc: ID!) { product(upc: $upc) { upc name price inStock reviews { id body author { name } } } }';
/** The query of the usual comparison of gateways: 16 fetches, 66 KB. */
const BIG = `
  fragment User on User { id username name }
  fragment Review on Review { id body }
  fragment Product on Product { inStock name price shippingEstimate upc weight }
  query Big {
    users {
      ...User
      reviews {
        ...Review
        product {
          ...Product
          reviews { ...Review author { ...User reviews { ...Review product { ...Product } } } }
        }
      }
    }
    topProducts(first: 5) {
      ...Product
      reviews { ...Review author { ...User reviews { ...Review product { ...Product } } } }
    }
  }
`;

const small = JSON.stringify({ query: SMALL });
const big = JSON.stringify({ query: BIG });

export const SHAPES: readonly Shape[] = [
  { name: 'small', connections: 64, body: () => small },
  {
    name: 'varying',
    connections: 64,
    body(number) {
      // 7 has no factor in common with the number of products, so all come one after the other, none next to its neighbour.
      const upc = String(10 + ((number * 7) % OTHER_PRODUCTS));
      return JSON.stringify({ query: VARYING, variables: { upc } });
    },
  },
  { name: 'big', connections: 32, body: () => big },
];

/** Three entity fetches for each event: the author's name, the product's name and price, and whether it is in stock. */
export const WATCH =
  'subscription { reviewAdded { id body author { name } product { name price inStock } } }';
