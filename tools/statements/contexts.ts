import ts from 'typescript';
import type { CallsByDeclaration } from './calls.js';
import { UnknownValue, type Bindings, type Evaluation } from './evaluation.js';

/** The facts that are known where a statement is run: values of parameters, and types for the type parameters of functions. */
export interface Context {
  bindings: Bindings;
  types: ReadonlyMap<string, ts.Type>;
}

const NOWHERE: Context = { bindings: new Map(), types: new Map() };
const DEEPEST = 4;

/**
 * Runs `act` with what is known at once, and where a parameter decides, once for each call of its function, with what that
 * call passes.
 */
export class Contexts {
  readonly #checker: ts.TypeChecker;
  readonly #evaluation: Evaluation;
  readonly #calls: CallsByDeclaration;

  constructor(checker: ts.TypeChecker, evaluation: Evaluation, calls: CallsByDeclaration) {
    this.#checker = checker;
    this.#evaluation = evaluation;
    this.#calls = calls;
  }

  each<Result>(
    act: (context: Context) => Result[],
    context: Context = NOWHERE,
    depth = 0,
  ): Result[] {
    try {
      return act(context);
    } catch (error) {
      if (!(error instanceof UnknownValue) || !error.parameter || depth > DEEPEST) throw error;
      const called = error.parameter.parent;
      const calls = this.#calls.get(called) ?? [];
      if (calls.length === 0) throw error;
      return calls.flatMap((call) =>
        this.#passed(call, called, error.parameter!, context, depth).flatMap((passed) =>
          this.each(act, passed, depth + 1),
        ),
      );
    }
  }

  /** The contexts that a call gives its function, for one of whose parameters a value is needed. */
  #passed(
    call: ts.CallExpression,
    called: ts.SignatureDeclaration,
    needed: ts.ParameterDeclaration,
    context: Context,
    depth: number,
  ): Context[] {
    const argument = call.arguments[called.parameters.indexOf(needed)] ?? needed.initializer;
    if (!argument) throw new UnknownValue(needed.name);
    const types = new Map([...context.types, ...this.#typesOf(call, called)]);
    return this.each(
      ({ bindings }) => this.#evaluation.valuesOf(argument, bindings),
      NOWHERE,
      depth + 1,
    ).map((value) => ({ bindings: new Map([...context.bindings, [needed, value]]), types }));
  }

  /** The types for which the type parameters of a function stand in one of its calls, stated or inferred. */
  #typesOf(call: ts.CallExpression, called: ts.SignatureDeclaration): [string, ts.Type][] {
    const names = (called.typeParameters ?? []).map(({ name }) => name.text);
    const stated = call.typeArguments?.map((node) => this.#checker.getTypeFromTypeNode(node)) ?? [];
    const inferred = new Map<string, ts.Type>();
    const generic = this.#checker.getSignatureFromDeclaration(called)?.getReturnType();
    const actual = this.#checker.getResolvedSignature(call)?.getReturnType();
    if (generic && actual) this.#match(generic, actual, inferred);
    return names.flatMap((name, n): [string, ts.Type][] => {
      const type = stated[n] ?? inferred.get(name);
      return type ? [[name, type]] : [];
    });
  }

  #match(generic: ts.Type, actual: ts.Type, found: Map<string, ts.Type>): void {
    if (generic.isUnion()) {
      const rest = this.#checker.getNonNullableType(actual);
      for (const part of generic.types) this.#match(part, rest, found);
      return;
    }
    if (generic.isTypeParameter()) {
      found.set(generic.symbol.name, actual);
      return;
    }
    const others = this.#argumentsOf(actual);
    this.#argumentsOf(generic).forEach((argument, n) => {
      const other = others[n];
      if (other) this.#match(argument, other, found);
    });
  }

  #argumentsOf(type: ts.Type): readonly ts.Type[] {
    if (type.aliasTypeArguments) return type.aliasTypeArguments;
    const isReference = ((type as ts.ObjectType).objectFlags & ts.ObjectFlags.Reference) !== 0;
    return isReference ? this.#checker.getTypeArguments(type as ts.TypeReference) : [];
  }
}
