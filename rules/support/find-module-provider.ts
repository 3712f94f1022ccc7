import { type ModuleProvider, type ScopeManager, type SourceFile, type TSESTree, getSourceFile, setParents } from 'watertight-analysis';
import type { RuleContext } from '@typescript-eslint/utils/ts-eslint';
import { ModuleFiles } from './module-files.js';

interface Parser {
  parseForESLint?(text: string, options: object): { ast: TSESTree.Program; scopeManager?: ScopeManager | null; visitorKeys?: Record<string, readonly string[]> };
  parse?(text: string, options: object): TSESTree.Program;
}

interface LanguageOptions {
  readonly parser?: Parser | null;
  readonly parserOptions?: Readonly<Record<string, unknown>>;
  readonly sourceType?: string;
  readonly ecmaVersion?: unknown;
}

interface Host {
  readonly parser: Parser;
  readonly options: Readonly<Record<string, unknown>>;
  readonly analyzeScopes: ((ast: TSESTree.Program) => ScopeManager) | undefined;
}

/** What makes a parser start the type checker, or read for a host that is not there. */
const TYPED_OPTIONS = ['project', 'projectService', 'programs', 'program', 'EXPERIMENTAL_useProjectService', 'tsconfigRootDir', 'extraFileExtensions'];

const providers = new WeakMap<Parser, Map<string, ModuleFiles>>();

/**
 * The files that the linted one imports, read from disk and parsed as it was itself, without type information.
 * Undefined where there is no disk (a browser) or no parser to be had from the host. Node is asked for its modules at
 * run time, so that the plugin can be bundled for a browser.
 */
export function findModuleProvider(context: Readonly<RuleContext<string, readonly unknown[]>>): ModuleFiles | undefined {
  const { parser, parserOptions = {}, sourceType, ecmaVersion } = (context.languageOptions ?? {}) as LanguageOptions;
  const fs = getBuiltin<typeof import('node:fs')>('node:fs');
  const paths = getBuiltin<typeof import('node:path')>('node:path');
  if (!parser || !fs || !paths || !('parseForESLint' in parser || 'parse' in parser)) return undefined;
  const untyped = Object.fromEntries(Object.entries(parserOptions).filter(([name]) => !TYPED_OPTIONS.includes(name)));
  const options = { ecmaVersion, sourceType, ...untyped };
  let ofParser = providers.get(parser);
  if (!ofParser) providers.set(parser, (ofParser = new Map<string, ModuleFiles>()));
  const key = getKey(options);
  let files = ofParser.get(key);
  if (!files) {
    const host: Host = { parser, options, analyzeScopes: findScopeAnalyzer(context.cwd) };
    ofParser.set(key, (files = new ModuleFiles(fs, paths, (path, text, modules) => parse(host, path, text, modules))));
  }
  files.refresh();
  return files;
}

let texts: ModuleFiles | undefined;

/** The files that one imports as mere texts, for who asks before anything is parsed. Undefined where there is no disk. */
export function findModuleTexts(): ModuleFiles | undefined {
  const fs = getBuiltin<typeof import('node:fs')>('node:fs');
  const paths = getBuiltin<typeof import('node:path')>('node:path');
  if (!fs || !paths) return undefined;
  texts ??= new ModuleFiles(fs, paths, () => undefined);
  texts.refresh();
  return texts;
}

function getBuiltin<Builtin>(id: string): Builtin | undefined {
  const { process } = globalThis as { process?: { getBuiltinModule?(id: string): unknown } };
  return process?.getBuiltinModule?.(id) as Builtin | undefined;
}

/** The scope analysis that the ESLint of the project uses; it is loaded already where ESLint is the host. */
function findScopeAnalyzer(cwd: string | undefined): Host['analyzeScopes'] {
  try {
    const modules = getBuiltin<typeof import('node:module')>('node:module')!;
    const hostRequire = modules.createRequire(modules.createRequire(`${cwd}/package.json`).resolve('eslint'));
    const { analyze } = hostRequire('eslint-scope') as { analyze: (ast: TSESTree.Program, options: object) => ScopeManager };
    // Of CommonJS the scopes are those of a function around the file.
    return (ast) => analyze(ast, { ignoreEval: true, ecmaVersion: 2022, sourceType: ast.sourceType, nodejsScope: ast.sourceType === 'script', fallback: 'iteration' });
  } catch {
    return undefined;
  }
}

/** Options that are objects come from the configuration of the parser, and are the same for the files of one. */
function getKey(options: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(Object.entries(options).filter(([name, value]) => name === 'ecmaFeatures' || typeof value !== 'object'));
}

function parse({ parser, options, analyzeScopes }: Host, path: string, text: string, modules: ModuleProvider): SourceFile | undefined {
  const all = { ...options, filePath: path, loc: true, range: true, comment: false, tokens: false, eslintVisitorKeys: true, eslintScopeManager: true };
  try {
    const { ast, scopeManager: ownScopes, visitorKeys } = parser.parseForESLint?.(text, all) ?? { ast: parser.parse!(text, all) };
    // Espree leaves the scopes to ESLint.
    const scopeManager = ownScopes ?? analyzeScopes?.(ast);
    if (!scopeManager) return undefined;
    setParents(ast, visitorKeys);
    return getSourceFile({ ast, scopeManager, text, filename: path, visitorKeys, modules });
  } catch {
    return undefined;
  }
}
