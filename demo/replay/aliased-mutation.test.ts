import { parse, print } from 'graphql';
import { aliasedMutation, aliasedVariables } from './aliased-mutation.js';
import { ReplayDeclarationsDocument } from './generated/operations.js';

test('the mutation runs the root field once for each input, under aliases that name its variables', () => {
  const text = aliasedMutation(ReplayDeclarationsDocument, 2).toString();
  expect(print(parse(text))).toBe(
    print(
      parse(`mutation ReplayDeclarations($r0: DeclareCapabilitiesInput!, $r1: DeclareCapabilitiesInput!) {
        r0: declareCapabilities(input: $r0) { __typename ... on Refusal { message } }
        r1: declareCapabilities(input: $r1) { __typename ... on Refusal { message } }
      }`),
    ),
  );
});

test('the inputs have the names of the variables', () => {
  expect(aliasedVariables(['a', 'b'])).toEqual({ r0: 'a', r1: 'b' });
});
