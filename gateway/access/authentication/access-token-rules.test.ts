import { DAY_SECONDS } from '../../../shared/time/rules.js';
import { lastSecondOf, refuseOtherTokens, TokenTooOld } from './access-token-rules.js';

test.each([
  ['at+jwt', {}],
  ['AT+JWT', { nonce: 'also in access tokens of this type' }],
  ['application/at+jwt', {}],
  ['JWT', {}],
  ['jwt', { typ: 'Bearer' }],
  ['JWT', { token_use: 'access' }],
  ['JWT', { typ: 'Bearer', nonce: 'of Keycloak 24' }],
])('an access token of the type %s with %j is accepted', (typ, payload) => {
  expect(() => refuseOtherTokens(typ, payload)).not.toThrow();
});

test.each([
  [undefined, {}],
  ['', {}],
  ['logout+jwt', {}],
  ['dpop+jwt', {}],
  ['id+jwt', {}],
  ['JWT', { nonce: 'n' }],
  ['JWT', { at_hash: 'h' }],
  ['JWT', { c_hash: 'h' }],
  ['JWT', { s_hash: 'h' }],
  ['JWT', { typ: 'ID' }],
  ['JWT', { typ: 'Refresh' }],
  ['JWT', { typ: 7 }],
  ['JWT', { token_use: 'id' }],
  ['JWT', { token_use: 'access', typ: 'ID' }],
])('a token of the type %s with %j is none for access', (typ, payload) => {
  expect(() => refuseOtherTokens(typ, payload)).toThrow('typ');
});

test.each([
  ['dispatch', 60, 60],
  ['dispatch', 10 * DAY_SECONDS, DAY_SECONDS],
  ['service', 10 * DAY_SECONDS, 10 * DAY_SECONDS],
  ['service', 100 * DAY_SECONDS, 31 * DAY_SECONDS],
])('a token of %s that ends after %i seconds is accepted for %i', (role, exp, last) => {
  const terms = { maxAgeSeconds: DAY_SECONDS, now: 1 };
  expect(lastSecondOf({ iat: 0, exp }, [role], terms)).toBe(last);
});

test.each([
  [['dispatch'], DAY_SECONDS],
  [['dispatch', 'service'], DAY_SECONDS],
  [[], DAY_SECONDS],
  [['service'], 31 * DAY_SECONDS],
])('a token of %j is too old %i seconds after it was issued', (roles, age) => {
  const at = (now: number) => () =>
    lastSecondOf({ iat: 0, exp: 1e12 }, roles, { maxAgeSeconds: DAY_SECONDS, now });
  expect(at(age - 1)).not.toThrow();
  expect(at(age)).toThrow(TokenTooOld);
  expect(at(age)).toThrow('issued at 1970-01-01T00:00:00.000Z');
});

test.each([[100], [NaN]])('a token that was issued at %p is none at 0', (iat) => {
  expect(() =>
    lastSecondOf({ iat, exp: 1e12 }, [], { maxAgeSeconds: DAY_SECONDS, now: 0 }),
  ).toThrow('iat');
});
