import type { Subgraphs } from '@apollo/federation-internals';
import type { FetchNode, QueryPlan, QueryPlanSelectionNode } from '@apollo/query-planner';
import { Kind, parse } from 'graphql';
import { fetchesOf } from './plan-fetches.js';

interface Key {
  fields: string;
  /** Names of its outermost fields. */
  names: readonly string[];
  isResolvable: boolean;
}

/** The keys of the entities of each subgraph. */
export class EntityKeys {
  readonly #keys = new Map<string, readonly Key[]>();

  constructor(subgraphs: Subgraphs) {
    for (const subgraph of subgraphs.values()) {
      const directive = subgraph.metadata().keyDirective();
      for (const type of subgraph.schema.types()) {
        const keys = type
          .appliedDirectivesOf(directive)
          .map((application) => application.arguments())
          .map(({ fields, resolvable = true }) => keyOf(String(fields), resolvable));
        if (keys.length > 0) this.#keys.set(`${subgraph.name} ${type.name}`, keys);
      }
    }
  }

  /**
   * Describes a fetch of the plan that requests an entity by no key that the subgraph resolves; undefined when every fetch is
   * correct. Such a subgraph would return null, or an object that it has under another key.
   */
  misused({ node }: Pick<QueryPlan, 'node'>): string | undefined {
    for (const fetch of fetchesOf(node)) {
      const misused = this.#misusedBy(fetch);
      if (misused !== undefined) return misused;
    }
    return undefined;
  }

  #misusedBy({ serviceName, requires = [], inputRewrites = [] }: FetchNode): string | undefined {
    // The subgraph may know the object under the name of an interface.
    const renamed = new Set(
      inputRewrites.flatMap((rewrite) =>
        rewrite.kind === 'ValueSetter' && rewrite.path.at(-1) === '__typename'
          ? rewrite.path.slice(0, 1).map((part) => part.replace('... on ', ''))
          : [],
      ),
    );
    for (const [type, sent] of sentOf(requires)) {
      const keys = renamed.has(type) ? undefined : this.#keys.get(`${serviceName} ${type}`);
      if (!keys) continue;
      const isKnown = keys.some(
        ({ isResolvable, names }) => isResolvable && names.every((name) => sent.has(name)),
      );
      if (isKnown) continue;
      const stated = keys.map(
        ({ fields, isResolvable }) => `"${fields}"${isResolvable ? '' : ' (resolvable: false)'}`,
      );
      return `${serviceName} resolves ${type} by none of the fields that the plan sends; its keys are ${stated.join(', ')}`;
    }
    return undefined;
  }
}

/** Names of the fields in the representations of each type: several fragments may add to the same one. */
function sentOf(requires: readonly QueryPlanSelectionNode[]): Map<string, Set<string>> {
  const sent = new Map<string, Set<string>>();
  const add = (selections: readonly QueryPlanSelectionNode[], type: string | undefined) => {
    for (const selection of selections) {
      if (selection.kind === 'InlineFragment') {
        add(selection.selections, selection.typeCondition ?? type);
      } else if (type !== undefined) {
        const names = sent.get(type) ?? new Set();
        sent.set(type, names.add(selection.name));
      }
    }
  };
  add(requires, undefined);
  return sent;
}

function keyOf(fields: string, isResolvable: boolean): Key {
  const [definition] = parse(`{${fields}}`).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`${fields} is no key`);
  const names = definition.selectionSet.selections.flatMap((selection) =>
    selection.kind === Kind.FIELD ? [selection.name.value] : [],
  );
  return { fields, names, isResolvable };
}
