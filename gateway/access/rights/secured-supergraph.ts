import { Supergraph } from '@apollo/federation-internals';
import { Kind, parse, print, visit, type ConstDirectiveNode } from 'graphql';
import { RightsIndex } from './rights-index.js';
import { isEnforced } from './rule-directives.js';

/** A supergraph whose rights the gateway enforces. */
export interface SecuredSupergraph {
  /** As the gateway packages take it. */
  sdl: string;
  supergraph: Supergraph;
  rights: RightsIndex;
}

/**
 * The gateway packages refuse a supergraph with the rights directives, because they do not enforce them
 * (`for: SECURITY` on their links). This gateway enforces them, so this function alone removes exactly that argument, and
 * returns the supergraph only together with the index of its rights. Throws when a rule cannot be read.
 */
export function securedSupergraph(supergraphSdl: string): SecuredSupergraph {
  const document = visit(parse(supergraphSdl), {
    Directive: (node) => (isLinkToRights(node as ConstDirectiveNode) ? unmarked(node) : undefined),
  });
  const supergraph = Supergraph.build(document);
  return { sdl: print(document), supergraph, rights: new RightsIndex(supergraph.schema) };
}

function isLinkToRights({ name, arguments: given = [] }: ConstDirectiveNode): boolean {
  const url = given.find((argument) => argument.name.value === 'url')?.value;
  return name.value === 'link' && url?.kind === Kind.STRING && isEnforced(url.value);
}

function unmarked<
  Directive extends { readonly arguments?: readonly { name: { value: string } }[] },
>(link: Directive): Directive {
  return { ...link, arguments: link.arguments?.filter(({ name }) => name.value !== 'for') };
}
