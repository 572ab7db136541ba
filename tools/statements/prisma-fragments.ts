import ts from 'typescript';
import { UnknownValue, unwrapped, type Evaluation } from './evaluation.js';

/** Stands for a value that is passed, until the parameters are numbered. */
const PARAMETER = '\0';

/** The arguments of the functions that are being read, by their parameters. */
type Arguments = ReadonlyMap<ts.Node, { argument: ts.Expression; from: Arguments }>;

/**
 * Reads statements that Prisma Client assembles from fragments (`Prisma.sql`). Of conditions that are added to a list where a
 * filter requires them it takes all: a statement with all of them has every column and parameter that one with some has.
 */
export class PrismaFragments {
  readonly #checker: ts.TypeChecker;
  readonly #evaluation: Evaluation;

  constructor(checker: ts.TypeChecker, evaluation: Evaluation) {
    this.#checker = checker;
    this.#evaluation = evaluation;
  }

  /** The texts that a template can have, with numbered parameters. */
  textsOf(template: ts.TemplateLiteral): string[] {
    return this.#template(template, new Map()).map((text) => {
      let number = 0;
      return text.replaceAll(PARAMETER, () => `$${(number += 1)}`);
    });
  }

  #template(template: ts.TemplateLiteral, given: Arguments): string[] {
    if (ts.isNoSubstitutionTemplateLiteral(template)) return [template.text];
    return template.templateSpans.reduce(
      (texts, { expression, literal }) =>
        combine(texts, this.#span(expression, given)).map((text) => text + literal.text),
      [template.head.text],
    );
  }

  #span(expression: ts.Expression, given: Arguments): string[] {
    const isFragment = this.#checker.getTypeAtLocation(expression).symbol?.name === 'Sql';
    return isFragment ? this.#fragment(expression, given) : [PARAMETER];
  }

  #fragment(expression: ts.Expression, given: Arguments): string[] {
    const node = unwrapped(expression);
    if (ts.isConditionalExpression(node)) {
      return [node.whenTrue, node.whenFalse].flatMap((one) => this.#fragment(one, given));
    }
    if (ts.isTaggedTemplateExpression(node)) return this.#template(node.template, given);
    if (ts.isCallExpression(node)) return this.#call(node, given);
    const local = ts.isIdentifier(node) ? this.#declarationOf(node) : undefined;
    if (local && ts.isVariableDeclaration(local) && local.initializer) {
      return this.#fragment(local.initializer, given);
    }
    return this.#evaluation.valuesOf(node, new Map()).map((value) => {
      if (!isSql(value)) throw new UnknownValue(node);
      return value.strings.join(PARAMETER);
    });
  }

  #call(call: ts.CallExpression, given: Arguments): string[] {
    if (call.expression.getText() === 'Prisma.join') return this.#joined(call, given);
    const called = this.#checker.getResolvedSignature(call)?.declaration;
    if (!called || !('body' in called) || !called.body) throw new UnknownValue(call);
    const passed = new Map(
      called.parameters.flatMap((parameter, n) => {
        const argument = call.arguments[n];
        return argument ? [[parameter, { argument, from: given }] as const] : [];
      }),
    );
    return returnedBy(called.body).flatMap((one) => this.#fragment(one, passed));
  }

  #joined(call: ts.CallExpression, given: Arguments): string[] {
    const [list, separator] = call.arguments;
    const fragments = this.#elements(list!, given);
    const between = (separator as ts.StringLiteral).text;
    return fragments.reduce(
      (texts, alternatives, n) =>
        n === 0
          ? alternatives
          : combine(
              texts,
              alternatives.map((one) => between + one),
            ),
      [''],
    );
  }

  /** The fragments of a list, and those that are added to it; of each its alternatives. */
  #elements(list: ts.Expression, given: Arguments): string[][] {
    const node = unwrapped(list);
    if (ts.isArrayLiteralExpression(node)) {
      return node.elements.flatMap((element) =>
        ts.isSpreadElement(element)
          ? this.#elements(element.expression, given)
          : [this.#fragment(element, given)],
      );
    }
    const declaration = ts.isIdentifier(node) ? this.#declarationOf(node) : undefined;
    if (declaration && given.has(declaration)) {
      const { argument, from } = given.get(declaration)!;
      return this.#elements(argument, from);
    }
    if (!declaration || !ts.isVariableDeclaration(declaration) || !declaration.initializer) {
      throw new UnknownValue(list);
    }
    return [
      ...this.#elements(declaration.initializer, given),
      ...this.#addedTo(declaration).map((one) => this.#fragment(one, given)),
    ];
  }

  /** The fragments that `push` adds to a list in the function that declares it. */
  #addedTo(list: ts.VariableDeclaration): ts.Expression[] {
    const added: ts.Expression[] = [];
    const visit = (node: ts.Node): void => {
      if (
        ts.isCallExpression(node) &&
        ts.isPropertyAccessExpression(node.expression) &&
        node.expression.name.text === 'push' &&
        ts.isIdentifier(node.expression.expression) &&
        this.#declarationOf(node.expression.expression) === list
      ) {
        added.push(...node.arguments);
      }
      ts.forEachChild(node, visit);
    };
    visit(list.parent.parent.parent);
    return added;
  }

  #declarationOf(name: ts.Identifier): ts.Declaration | undefined {
    return this.#checker.getSymbolAtLocation(name)?.valueDeclaration;
  }
}

function returnedBy(body: ts.ConciseBody): ts.Expression[] {
  if (!ts.isBlock(body)) return [body];
  const returned: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) return;
    if (ts.isReturnStatement(node) && node.expression) returned.push(node.expression);
    ts.forEachChild(node, visit);
  };
  visit(body);
  return returned;
}

function combine(texts: readonly string[], ends: readonly string[]): string[] {
  return texts.flatMap((text) => ends.map((end) => text + end));
}

function isSql(value: unknown): value is { strings: string[] } {
  return typeof value === 'object' && value !== null && 'strings' in value;
}
