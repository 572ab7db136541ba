import ts from 'typescript';
import type { StatementCall } from './calls.js';
import { unwrapped } from './evaluation.js';

/** How many values a call passes to its statement; undefined where that is decided when the program runs. */
export function valueCountOf(
  checker: ts.TypeChecker,
  { statement, values }: StatementCall,
): number | undefined {
  const passed = values ?? valuesProperty(statement);
  return passed && lengthOf(checker, passed);
}

function valuesProperty(statement: ts.Node): ts.Expression | undefined {
  const node = ts.isExpression(statement) ? unwrapped(statement) : statement;
  if (!ts.isObjectLiteralExpression(node)) return undefined;
  for (const property of node.properties) {
    if (property.name?.getText() !== 'values') continue;
    if (ts.isPropertyAssignment(property)) return property.initializer;
    if (ts.isShorthandPropertyAssignment(property)) return property.name;
  }
  return undefined;
}

function lengthOf(checker: ts.TypeChecker, expression: ts.Expression): number | undefined {
  const node = unwrapped(expression);
  if (ts.isArrayLiteralExpression(node)) {
    const lengths = node.elements.map((element) =>
      ts.isSpreadElement(element) ? lengthOf(checker, element.expression) : 1,
    );
    if (lengths.includes(undefined)) return undefined;
    return lengths.reduce<number>((sum, length) => sum + length!, 0);
  }
  const type = checker.getTypeAtLocation(node);
  if (checker.isTupleType(type)) {
    const { fixedLength, combinedFlags } = (type as ts.TupleTypeReference).target;
    return combinedFlags & ts.ElementFlags.Variable ? undefined : fixedLength;
  }
  if (!ts.isIdentifier(node)) return undefined;
  const symbol = ts.isShorthandPropertyAssignment(node.parent)
    ? checker.getShorthandAssignmentValueSymbol(node.parent)
    : checker.getSymbolAtLocation(node);
  const declaration = symbol?.valueDeclaration;
  if (!declaration || !ts.isVariableDeclaration(declaration)) return undefined;
  return declaration.initializer && lengthOf(checker, declaration.initializer);
}
