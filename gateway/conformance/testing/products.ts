/** The data that the compatibility suite expects in the subgraph under test, in its own numbers and names. */
interface Product {
  id: string;
  sku: string;
  package: string;
  variation: { id: string };
}

interface User {
  email: string;
  totalProductsCreated: number;
  yearsOfEmployment?: number;
}

const AUTHOR: User & { name: string } = {
  email: 'support@apollographql.com',
  name: 'Jane Smith',
  totalProductsCreated: 1337,
};
const DIMENSIONS = { size: 'small', weight: 1, unit: 'kg' };
const STUDIES = [
  { caseNumber: '1234', description: 'Federation Study' },
  { caseNumber: '1235', description: 'Studio Study' },
];
const PRODUCTS: (Product & { study: string })[] = [
  {
    id: 'apollo-federation',
    sku: 'federation',
    package: '@apollo/federation',
    variation: { id: 'OSS' },
    study: '1234',
  },
  {
    id: 'apollo-studio',
    sku: 'studio',
    package: '',
    variation: { id: 'platform' },
    study: '1235',
  },
];
const DEPRECATED = {
  sku: 'apollo-federation-v1',
  package: '@apollo/federation-v1',
  reason: 'Migrate to Federation V2',
};

const research = (number: string) => {
  const study = STUDIES.find(({ caseNumber }) => caseNumber === number);
  return study && { study };
};
const deprecatedProduct = (requests: { sku: string; package: string }) =>
  requests.sku === DEPRECATED.sku && requests.package === DEPRECATED.package
    ? DEPRECATED
    : undefined;

/** A reference names what it knows of a product by one of three keys. */
const referenced = (reference: Partial<Product>) =>
  PRODUCTS.find(({ id, sku, ...product }) => {
    if (reference.id !== undefined) return id === reference.id;
    if (sku !== reference.sku) return false;
    if (reference.package !== undefined) return product.package === reference.package;
    return product.variation.id === reference.variation?.id;
  });

export const productsResolvers = {
  Query: {
    product: (_: unknown, { id }: { id: string }) => referenced({ id }),
    deprecatedProduct: (_: unknown, requests: { sku: string; package: string }) =>
      deprecatedProduct(requests),
  },
  Product: {
    __resolveReference: referenced,
    dimensions: () => DIMENSIONS,
    createdBy: () => AUTHOR,
    research: ({ study }: { study: string }) => [research(study)],
  },
  DeprecatedProduct: {
    __resolveReference: deprecatedProduct,
    createdBy: () => AUTHOR,
  },
  ProductResearch: {
    __resolveReference: ({ study }: { study: { caseNumber: string } }) =>
      research(study.caseNumber),
  },
  User: {
    __resolveReference: (user: User) =>
      user.email === AUTHOR.email ? { ...AUTHOR, ...user } : undefined,
    averageProductsCreatedPerYear: ({ totalProductsCreated, yearsOfEmployment }: User) =>
      yearsOfEmployment === undefined ? null : Math.round(totalProductsCreated / yearsOfEmployment),
  },
  Inventory: {
    __resolveReference: (inventory: { id: string }) => inventory,
    deprecatedProducts: () => [DEPRECATED],
  },
};
