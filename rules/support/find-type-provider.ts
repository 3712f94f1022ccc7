import type { TypeProvider } from 'watertight-analysis';
import type { ParserServicesWithTypeInformation } from '@typescript-eslint/utils';
import type { SourceCode } from '@typescript-eslint/utils/ts-eslint';
import type ts from 'typescript';

const providers = new WeakMap<object, TypeProvider>();

/** The type provider of a host, or undefined where it has no type information (plain JS, oxlint, no project). */
export function findTypeProvider(sourceCode: Readonly<SourceCode>): TypeProvider | undefined {
  const services = sourceCode.parserServices as Partial<ParserServicesWithTypeInformation> | undefined;
  if (!services?.program || !services.getTypeAtLocation || !services.esTreeNodeToTSNodeMap) return undefined;
  let provider = providers.get(services);
  if (!provider) providers.set(services, (provider = createTypeProvider(services as ParserServicesWithTypeInformation)));
  return provider;
}

/** Answers from parser services. TypeScript itself is not imported: the plugin must load where none is installed. */
function createTypeProvider(services: ParserServicesWithTypeInformation): TypeProvider {
  const checker = services.program.getTypeChecker();
  const typeOf = (node: unknown) => services.getTypeAtLocation(node as never);
  const awaitedTypeOf = (node: unknown) => {
    const type = typeOf(node);
    return checker.getAwaitedType(type) ?? type;
  };
  return {
    getTypeNames(node) {
      const type = awaitedTypeOf(node);
      return isUnknown(type) ? undefined : [...collectNames(type, checker)];
    },
    hasMembers(node, names) {
      const type = awaitedTypeOf(node);
      return isUnknown(type) ? undefined : names.every((name) => checker.getPropertyOfType(type, name) !== undefined);
    },
    isPromise(node) {
      const type = typeOf(node);
      return isUnknown(type) ? undefined : checker.getPropertyOfType(type, 'then') !== undefined;
    },
    getDisposal(node) {
      const type = checker.getNonNullableType(awaitedTypeOf(node));
      if (isUnknown(type)) return undefined;
      const names = collectNames(type, checker);
      if ([...names].some((name) => ITERATORS.test(name))) return undefined;
      const found = type.getProperties().find((property) => /^__@(?:async)?[dD]ispose@/.test(String(property.escapedName)));
      const declaration = found?.declarations?.[0];
      if (!found || !declaration || isPlatformsOwn(declaration, services.program)) return undefined;
      return String(found.escapedName).startsWith('__@asyncDispose@') ? 'async' : 'sync';
    },
    getDeclaration(callee) {
      const node = services.esTreeNodeToTSNodeMap.get(callee as never) as ts.Node & { name?: ts.Node };
      const symbol = checker.getSymbolAtLocation(node.name ?? node);
      const target = symbol && (symbol.flags & ALIAS) !== 0 ? checker.getAliasedSymbol(symbol) : symbol;
      const declaration: (ts.Node & { readonly name?: ts.Node }) | undefined = target?.valueDeclaration;
      const source = declaration?.getSourceFile();
      if (!target || !declaration?.name || !source || source.isDeclarationFile) return undefined;
      return { path: source.fileName, name: target.name, offset: declaration.name.getStart(source) };
    },
    isNever(node) {
      return checker.typeToString(typeOf(node)) === 'never';
    },
    getSignalProperty(node) {
      const type = checker.getNonNullableType(awaitedTypeOf(node));
      return isUnknown(type) ? undefined : findSignalProperty(type, checker);
    },
    getSignalParameter(call) {
      const signature = checker.getResolvedSignature(services.esTreeNodeToTSNodeMap.get(call as never) as ts.CallLikeExpression);
      for (const [index, parameter] of (signature?.getParameters() ?? []).entries()) {
        const type = checker.getTypeOfSymbol(parameter);
        if (collectNames(type, checker).has('AbortSignal')) return { index };
        const property = findSignalProperty(checker.getNonNullableType(type), checker);
        if (property !== undefined) return { index, property };
      }
      return undefined;
    },
  };
}

/** The names under which options carry a signal. */
const SIGNAL_PROPERTIES = ['signal', 'abortSignal'];

function findSignalProperty(type: ts.Type, checker: ts.TypeChecker): string | undefined {
  return SIGNAL_PROPERTIES.find((name) => {
    const property = checker.getPropertyOfType(type, name);
    return property !== undefined && collectNames(checker.getTypeOfSymbol(property), checker).has('AbortSignal');
  });
}

/** They are disposable so that a loop can end them; what they hold is the loop's. */
const ITERATORS = /^(?:Async)?(?:Iterator(?:Object)?|Generator|IterableIterator)$|Iterator$/;

/** Whether a dispose method belongs to a type of the language or of Node, the interfaces aside that only promise one. */
function isPlatformsOwn(declaration: ts.Declaration, program: ts.Program): boolean {
  const source = declaration.getSourceFile();
  const isPlatform = program.isSourceFileDefaultLibrary(source) || /[\\/]@types[\\/]node[\\/]/.test(source.fileName);
  const { name } = declaration.parent as ts.Node & { readonly name?: ts.Identifier };
  return isPlatform && !/^(?:Async)?Disposable$/.test(name?.text ?? '');
}

/** `ts.SymbolFlags.Alias` */
const ALIAS = 2_097_152;

function isUnknown(type: ts.Type): boolean {
  const { intrinsicName } = type as { intrinsicName?: string };
  return intrinsicName === 'any' || intrinsicName === 'unknown' || intrinsicName === 'error';
}

function collectNames(type: ts.Type, checker: ts.TypeChecker, names = new Set<string>(), depth = 0): Set<string> {
  if (type.isUnionOrIntersection()) for (const part of type.types) collectNames(part, checker, names, depth);
  for (const name of [type.symbol?.name, type.aliasSymbol?.name]) if (name && !name.startsWith('__')) names.add(name);
  if (type.isClassOrInterface() && depth < 5) for (const base of checker.getBaseTypes(type)) collectNames(base, checker, names, depth + 1);
  return names;
}
