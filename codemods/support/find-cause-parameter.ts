import { ts } from 'ts-morph';
import type { CauseParameter } from 'watertight-analysis';

/** The names under which options of errors take a cause. */
const CAUSE_PROPERTIES = ['cause', 'original', 'originalError', 'innerError'];
const CAUSE_NAME = /^(?:cause|original(?:Error)?|inner(?:Error)?|err(?:or)?|reason|source)$/;

/**
 * The parameter of a constructor that takes the cause, by its declared type: an options object with a property for it, or
 * an error of that name. Undefined where the class is unknown or takes none.
 */
export function findCauseParameter(construct: ts.NewExpression, checker: ts.TypeChecker): CauseParameter | undefined {
  const signatures = checker.getSignaturesOfType(checker.getTypeAtLocation(construct.expression), ts.SignatureKind.Construct);
  for (const signature of signatures) {
    for (const [index, parameter] of signature.parameters.entries()) {
      if (isRest(parameter)) continue;
      const property = findRole(parameter, construct, checker);
      if (property !== undefined) return { index, property: property === 'itself' ? undefined : property };
    }
  }
  return undefined;
}

function findRole(parameter: ts.Symbol, at: ts.Node, checker: ts.TypeChecker): string | undefined {
  const type = checker.getNonNullableType(checker.getTypeOfSymbolAtLocation(parameter, at));
  const takesAnything = (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) !== 0;
  if (takesAnything) return parameter.name === 'cause' ? 'itself' : undefined;
  if (isErrorType(type, checker)) return CAUSE_NAME.test(parameter.name) ? 'itself' : undefined;
  const isObject = (type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection | ts.TypeFlags.Union)) !== 0;
  return isObject ? CAUSE_PROPERTIES.find((name) => checker.getPropertyOfType(type, name)) : undefined;
}

/** Errors have a `cause` of their own, which must not be taken for the option. */
function isErrorType(type: ts.Type, checker: ts.TypeChecker): boolean {
  return ['name', 'message', 'stack'].every((name) => checker.getPropertyOfType(type, name) !== undefined);
}

function isRest(parameter: ts.Symbol): boolean {
  const { valueDeclaration } = parameter;
  return valueDeclaration !== undefined && ts.isParameter(valueDeclaration) && valueDeclaration.dotDotDotToken !== undefined;
}
