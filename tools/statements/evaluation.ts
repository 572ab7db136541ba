import ts from 'typescript';
import type { ModuleScopes } from './module-scope.js';

/** Values of parameters, by their declarations. */
export type Bindings = ReadonlyMap<ts.Node, unknown>;

/** An expression whose value is not known before the program runs. */
export class UnknownValue extends Error {
  /** The parameter on which it depends, if that is the reason. */
  readonly parameter: ts.ParameterDeclaration | undefined;

  constructor(node: ts.Node, parameter?: ts.ParameterDeclaration) {
    super(
      `${node.getText().replace(/\s+/g, ' ').slice(0, 80)} is not known before the program runs`,
    );
    this.parameter = parameter;
  }
}

const MOST_ALTERNATIVES = 256;

/** Finds the values that an expression can have: more than one where it depends on a condition. */
export class Evaluation {
  readonly #checker: ts.TypeChecker;
  readonly #scopes: ModuleScopes;

  constructor(checker: ts.TypeChecker, scopes: ModuleScopes) {
    this.#checker = checker;
    this.#scopes = scopes;
  }

  valuesOf(expression: ts.Expression, bindings: Bindings): unknown[] {
    const node = unwrapped(expression);
    if (ts.isConditionalExpression(node)) {
      return [node.whenTrue, node.whenFalse].flatMap((one) => this.valuesOf(one, bindings));
    }
    if (ts.isObjectLiteralExpression(node)) return this.#objects(node, bindings);
    if (ts.isTemplateExpression(node)) return this.#templates(node, bindings);
    if (ts.isPropertyAccessExpression(node) && this.#localsOf(node).size > 0) {
      return this.valuesOf(node.expression, bindings).map((value) =>
        propertyOf(value, node.name.text, node),
      );
    }
    if (ts.isElementAccessExpression(node) && this.#localsOf(node.argumentExpression).size > 0) {
      return this.valuesOf(node.expression, bindings).flatMap((value) =>
        Object.values(value as Record<string, unknown>),
      );
    }
    if (containsThis(node)) throw new UnknownValue(node);
    return productOf(
      [...this.#localsOf(node)].map(([name, declaration]) =>
        this.#declared(declaration, bindings).map((value) => [name, value] as const),
      ),
      node,
    ).map((locals) => this.#scopes.evaluate(node, new Map(locals)));
  }

  /** Objects with the properties whose values are known. */
  #objects(node: ts.ObjectLiteralExpression, bindings: Bindings): object[] {
    const parts = node.properties.map((property): object[] => {
      if (ts.isSpreadAssignment(property)) {
        return this.valuesOf(property.expression, bindings) as object[];
      }
      const name = property.name?.getText();
      try {
        if (ts.isPropertyAssignment(property)) {
          return this.valuesOf(property.initializer, bindings).map((value) => ({ [name]: value }));
        }
        if (ts.isShorthandPropertyAssignment(property)) {
          const symbol = this.#checker.getShorthandAssignmentValueSymbol(property);
          return this.#symbolValues(property.name, symbol, bindings).map((value) => ({
            [name]: value,
          }));
        }
      } catch (error) {
        if (!(error instanceof UnknownValue) || name === 'text') throw error;
      }
      return [{}];
    });
    return productOf(parts, node).map((each) => Object.assign({}, ...each) as object);
  }

  #templates(node: ts.TemplateExpression, bindings: Bindings): string[] {
    const spans = node.templateSpans.map(({ expression, literal }) =>
      this.valuesOf(expression, bindings).map((value) => String(value) + literal.text),
    );
    return productOf(spans, node).map((each) => node.head.text + each.join(''));
  }

  #symbolValues(name: ts.Identifier, symbol: ts.Symbol | undefined, bindings: Bindings): unknown[] {
    const declaration = symbol?.valueDeclaration;
    if (declaration && isLocal(declaration)) return this.#declared(declaration, bindings);
    return [this.#scopes.evaluate(name, new Map())];
  }

  #declared(declaration: ts.Node, bindings: Bindings): unknown[] {
    if (bindings.has(declaration)) return [bindings.get(declaration)];
    if (ts.isParameter(declaration)) throw new UnknownValue(declaration.name, declaration);
    if (ts.isVariableDeclaration(declaration) && isConst(declaration)) {
      if (declaration.initializer) return this.valuesOf(declaration.initializer, bindings);
      const loop = declaration.parent.parent;
      if (ts.isForOfStatement(loop)) {
        return this.valuesOf(loop.expression, bindings).flatMap((all) => [
          ...(all as Iterable<unknown>),
        ]);
      }
    }
    if (ts.isBindingElement(declaration) && ts.isObjectBindingPattern(declaration.parent)) {
      const name = (declaration.propertyName ?? declaration.name).getText();
      return this.#declared(declaration.parent.parent, bindings).map((value) =>
        propertyOf(value, name, declaration),
      );
    }
    throw new UnknownValue(declaration);
  }

  /** The names in an expression that are declared in functions, outside the expression itself. */
  #localsOf(node: ts.Node): Map<string, ts.Node> {
    const locals = new Map<string, ts.Node>();
    const visit = (one: ts.Node): void => {
      if (ts.isIdentifier(one) && !isPropertyName(one)) {
        const symbol = ts.isShorthandPropertyAssignment(one.parent)
          ? this.#checker.getShorthandAssignmentValueSymbol(one.parent)
          : this.#checker.getSymbolAtLocation(one);
        const declaration = symbol?.valueDeclaration;
        const isOutside = declaration && (declaration.pos < node.pos || declaration.end > node.end);
        if (isOutside && isLocal(declaration)) locals.set(one.text, declaration);
      }
      if (!ts.isTypeNode(one)) ts.forEachChild(one, visit);
    };
    visit(node);
    return locals;
  }
}

export function unwrapped(expression: ts.Expression): ts.Expression {
  let node = expression;
  while (
    ts.isParenthesizedExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isNonNullExpression(node)
  ) {
    node = node.expression;
  }
  return node;
}

function productOf<Part>(parts: readonly (readonly Part[])[], node: ts.Node): Part[][] {
  const product = parts.reduce<Part[][]>(
    (all, part) => all.flatMap((one) => part.map((value) => [...one, value])),
    [[]],
  );
  if (product.length > MOST_ALTERNATIVES) throw new UnknownValue(node);
  return product;
}

function propertyOf(value: unknown, name: string, node: ts.Node): unknown {
  if (value === null || typeof value !== 'object' || !(name in value)) throw new UnknownValue(node);
  return (value as Record<string, unknown>)[name];
}

/** Whether something is declared within a function, and so has no value while the module is loaded. */
function isLocal(declaration: ts.Node): boolean {
  for (let node = declaration.parent; node; node = node.parent) {
    if (ts.isFunctionLike(node)) return true;
  }
  return false;
}

function isConst(declaration: ts.VariableDeclaration): boolean {
  return (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0;
}

function isPropertyName(node: ts.Identifier): boolean {
  const { parent } = node;
  return (
    (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
    (ts.isPropertyAssignment(parent) && parent.name === node)
  );
}

function containsThis(node: ts.Node): boolean {
  return (
    node.kind === ts.SyntaxKind.ThisKeyword ||
    ts.isAwaitExpression(node) ||
    (ts.forEachChild(node, (child) => containsThis(child) || undefined) ?? false)
  );
}
