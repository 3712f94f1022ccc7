import { findPatternPath } from './syntax/find-pattern-path.js';
import { type CallLike, type ClassNode, type CodeRoot, type Identifier, type Node, type TSESTree, findEnclosingClass, getEnclosingRoot, getPropertyName, getStringValue, skipWrappers } from './syntax/node.js';
import { NodeIndex, type NodeOfType, type NodeType } from './syntax/node-index.js';
import { type VisitorKeys, walk } from './syntax/walk.js';
import type { Reference, Scope, ScopeManager, Variable } from './scopes/scope.js';
import { spend } from './effort.js';
import type { ModuleProvider } from './modules/module-provider.js';
import type { TypeProvider } from './types/type-provider.js';

/** What a host hands to the analysis: one parsed file. */
export interface SourceFileInput {
  readonly ast: TSESTree.Program;
  readonly scopeManager: ScopeManager;
  readonly text: string;
  /** Absolute where the host knows it; only used to follow relative imports and in reports. */
  readonly filename?: string | undefined;
  readonly visitorKeys?: VisitorKeys | undefined;
  /** Absent without type information; the analysis then finds less and never more. */
  readonly types?: TypeProvider | undefined;
  /** Absent where no other file can be read; calls of imported functions are then unknown. */
  readonly modules?: ModuleProvider | undefined;
  /** `settings.watertight` of the user's configuration. */
  readonly settings?: unknown;
}

const files = new WeakMap<TSESTree.Program, SourceFile>();

/** The one `SourceFile` of a parsed program, so that all rules share what was worked out once. */
export function getSourceFile(input: SourceFileInput): SourceFile {
  let file = files.get(input.ast);
  if (!file) {
    file = new SourceFile(input);
    files.set(input.ast, file);
  }
  return file;
}

/** A parsed file with the look-ups that every analysis shares. Everything is worked out at the first question. */
export class SourceFile {
  readonly ast: TSESTree.Program;
  readonly text: string;
  readonly filename: string | undefined;
  readonly visitorKeys: VisitorKeys | undefined;
  readonly types: TypeProvider | undefined;
  readonly modules: ModuleProvider | undefined;
  readonly settings: unknown;
  readonly scopeManager: ScopeManager;
  #references: Map<Node, Reference> | undefined;
  #declared: Map<Node, Variable> | undefined;
  #scopes: Map<Node, Scope[]> | undefined;
  readonly #origins = new Map<Node, string | undefined>();
  readonly #fields = new Map<ClassNode, ReadonlyMap<string, readonly Node[]>>();
  #nodes: NodeIndex | undefined;
  #calls: readonly CallLike[] | undefined;
  #callsByRoot: Map<CodeRoot, CallLike[]> | undefined;

  constructor(input: SourceFileInput) {
    this.ast = input.ast;
    this.text = input.text;
    this.filename = input.filename;
    this.visitorKeys = input.visitorKeys;
    this.types = input.types;
    this.modules = input.modules;
    this.settings = input.settings;
    this.scopeManager = input.scopeManager;
  }

  /** The reference that an identifier makes, or undefined where it only declares or is a property name. */
  getReference(identifier: Node): Reference | undefined {
    spend();
    this.#index();
    return this.#references!.get(identifier);
  }

  /** The variable an identifier reads, writes or declares. Undefined for unresolved globals and property names. */
  getVariable(identifier: Node): Variable | undefined {
    spend();
    this.#index();
    return this.#references!.get(identifier)?.resolved ?? this.#declared!.get(identifier);
  }

  /** The scopes that a node opens: none, one, or two (a function expression's name and its body). */
  getScopes(node: Node): readonly Scope[] {
    if (!this.#scopes) {
      this.#scopes = new Map();
      for (const scope of this.scopeManager.scopes) {
        const known = this.#scopes.get(scope.block);
        if (known) known.push(scope);
        else this.#scopes.set(scope.block, [scope]);
      }
    }
    return this.#scopes.get(node) ?? [];
  }

  /** Whether an identifier names a global: nothing in the file declares it. */
  isGlobal(identifier: Node): boolean {
    if (identifier.type !== 'Identifier') return false;
    const reference = this.getReference(identifier);
    if (!reference) return false;
    return !reference.resolved || reference.resolved.defs.length === 0;
  }

  /** Every call and `new` of the file, in source order of their starts. */
  getCalls(): readonly CallLike[] {
    return (this.#calls ??= this.getNodes('CallExpression', 'NewExpression'));
  }

  /** All nodes of these types, in source order, outer ones first. The file is walked once, whoever asks. */
  getNodes<Type extends NodeType>(...types: readonly `${Type}`[]): readonly NodeOfType<Type>[] {
    this.#nodes ??= new NodeIndex(this.ast, this.visitorKeys);
    return this.#nodes.get<Type>(...types);
  }

  /** The calls that a function, module body or static block makes itself, those of functions inside it aside. */
  getCallsIn(root: CodeRoot): readonly CallLike[] {
    if (!this.#callsByRoot) {
      this.#callsByRoot = new Map();
      for (const call of this.getCalls()) {
        const owner = getEnclosingRoot(call);
        const known = this.#callsByRoot.get(owner);
        if (known) known.push(call);
        else this.#callsByRoot.set(owner, [call]);
      }
    }
    return this.#callsByRoot.get(root) ?? [];
  }

  getText(node: Node): string {
    spend();
    return this.text.slice(node.range[0], node.range[1]);
  }

  /**
   * Where the value of an expression comes from: `global:fetch`, `undici:request`, `fs:promises.open`,
   * `node-fetch:default` (the module's only or default export). Imports, `require`, `await import`, namespaces,
   * destructuring and unreassigned aliases are followed; `node:` is dropped and `fs/promises` is `fs:promises`.
   * The value of `new X()` is `…:X.prototype`, the value of a call (awaited or not) is `…:f()`: a pool's method is
   * `pg:Pool.prototype.connect`, a server's `http:createServer().listen`. Fields set once are followed, too.
   * Undefined where it is not known.
   */
  getOrigin(expression: Node): string | undefined {
    spend();
    const node = skipWrappers(expression);
    if (this.#origins.has(node)) return this.#origins.get(node);
    this.#origins.set(node, undefined);
    const path = this.#trace(node, 0);
    const origin = path && formatOrigin(path);
    this.#origins.set(node, origin);
    return origin;
  }

  /** The relative import that an expression's value comes from, and the members that lead to it; `[]` is the whole module. */
  getImport(expression: Node): { readonly specifier: string; readonly members: readonly string[] } | undefined {
    const path = this.#trace(skipWrappers(expression), 0);
    return path?.root.startsWith('.') ? { specifier: path.root, members: path.members } : undefined;
  }

  /** The only value a variable ever gets, where there is exactly one: its initialiser, never reassigned. */
  getOnlyValue(variable: Variable): Node | undefined {
    const [definition, ...others] = variable.defs;
    if (!definition || others.length > 0 || definition.type !== 'Variable') return undefined;
    const declarator = definition.node;
    if (declarator.type !== 'VariableDeclarator' || declarator.id.type !== 'Identifier') return undefined;
    const writes = variable.references.filter((reference) => reference.isWrite());
    if (!declarator.init) {
      // let f; f = value  (written once)
      const [only, ...more] = writes;
      return only?.writeExpr && more.length === 0 ? only.writeExpr : undefined;
    }
    return writes.every((reference) => reference.init) ? declarator.init : undefined;
  }

  #trace(expression: Node, depth: number): OriginPath | undefined {
    if (depth > 12) return undefined;
    const node = skipWrappers(expression);
    switch (node.type) {
      case 'Identifier':
        return this.#traceIdentifier(node, depth);
      case 'MemberExpression': {
        const name = getPropertyName(node);
        if (name === undefined) return undefined;
        if (skipWrappers(node.object).type === 'ThisExpression') {
          const value = this.#findFieldValue(node, name);
          return value && this.#trace(value, depth + 1);
        }
        const object = this.#trace(node.object, depth + 1);
        return object && { ...object, members: [...object.members, name] };
      }
      case 'AwaitExpression':
        return this.#trace(node.argument, depth + 1);
      case 'ConditionalExpression':
        // secure ? https : http
        return this.#traceAll([node.consequent, node.alternate], depth + 1);
      case 'NewExpression': {
        const constructor = this.#trace(node.callee, depth + 1);
        return constructor && { ...constructor, members: [...constructor.members, 'prototype'] };
      }
      case 'ImportExpression': {
        const source = getStringValue(node.source);
        return source === undefined ? undefined : { root: normaliseModule(source), members: [] };
      }
      case 'CallExpression': {
        const source = getStringValue(node.arguments[0]);
        if (node.callee.type === 'Identifier' && node.callee.name === 'require' && source !== undefined) {
          return this.isGlobal(node.callee) ? { root: normaliseModule(source), members: [] } : undefined;
        }
        const callee = this.#trace(node.callee, depth + 1);
        if (!callee) return undefined;
        // promisify(fs.rm): the promise form of a callback API answers to the same name.
        const [promisified] = node.arguments;
        if (formatOrigin(callee) === 'util:promisify' && promisified) return this.#trace(promisified, depth + 1);
        const [last = 'default', ...others] = [...callee.members].reverse();
        return { ...callee, members: [...others.reverse(), `${last}()`] };
      }
      default:
        return undefined;
    }
  }

  /** Where values come from that all come from the same place, `https` being one with `http`. */
  #traceAll(expressions: readonly Node[], depth: number): OriginPath | undefined {
    const [first, ...others] = expressions.map((expression) => this.#trace(expression, depth));
    if (!first) return undefined;
    const origin = formatOrigin({ ...first, root: first.root.replace(/^https$/, 'http') });
    return others.every((other) => other && formatOrigin({ ...other, root: other.root.replace(/^https$/, 'http') }) === origin) ? first : undefined;
  }

  #traceIdentifier(node: Identifier, depth: number): OriginPath | undefined {
    const reference = this.getReference(node);
    if (!reference) return undefined;
    const variable = reference.resolved;
    if (!variable || variable.defs.length === 0) {
      return { root: 'global', members: isGlobalObject(node.name) ? [] : [node.name] };
    }
    const [definition, ...others] = variable.defs;
    if (!definition || others.length > 0) return undefined;
    if (definition.type === 'ImportBinding') return traceImport(definition.node, definition.parent ?? undefined);
    if (definition.type !== 'Variable' || definition.node.type !== 'VariableDeclarator') return undefined;
    const rewrites = variable.references.filter((other) => other.isWrite() && !other.init);
    const init = definition.node.init;
    if (rewrites.length > 0) {
      // let client = http; if (secure) client = https
      const isPlain = definition.node.id.type === 'Identifier' && rewrites.every(({ identifier }) => isAssigned(identifier));
      const values = [init, ...rewrites.map(({ writeExpr }) => writeExpr)].filter((value) => value !== null && value !== undefined);
      return isPlain && values.length <= MAX_VALUES ? this.#traceAll(values, depth + 1) : undefined;
    }
    if (!init) return undefined;
    const members = findPatternPath(definition.node.id, definition.name);
    const source = members && this.#trace(init, depth + 1);
    return source && { ...source, members: [...source.members, ...members] };
  }

  /** The only value that a class gives to `this.name`: the initialiser of the field, or the one assignment in the class. */
  #findFieldValue(member: TSESTree.MemberExpression, name: string): Node | undefined {
    const owner = findEnclosingClass(member);
    if (!owner) return undefined;
    let fields = this.#fields.get(owner);
    if (!fields) this.#fields.set(owner, (fields = collectFields(owner, this.visitorKeys)));
    const values = fields.get(name);
    return values?.length === 1 ? values[0] : undefined;
  }

  #index(): void {
    if (this.#references) return;
    this.#references = new Map();
    this.#declared = new Map();
    for (const scope of this.scopeManager.scopes) {
      for (const reference of scope.references) {
        // A default value makes two references of one identifier: the one that has the resolved variable wins.
        if (!this.#references.get(reference.identifier)?.resolved) this.#references.set(reference.identifier, reference);
      }
      for (const variable of scope.variables) {
        for (const identifier of variable.identifiers) this.#declared.set(identifier, variable);
      }
    }
  }
}

/** A variable that gets more values than this is not followed. */
const MAX_VALUES = 3;

/** variable = value */
function isAssigned(identifier: Node): boolean {
  const { parent } = identifier;
  return parent?.type === 'AssignmentExpression' && parent.left === identifier && parent.operator === '=';
}

interface OriginPath {
  readonly root: string;
  readonly members: readonly string[];
}

function formatOrigin({ root, members }: OriginPath): string {
  let path = [...members];
  while (path[0] === 'default') path = path.slice(1);
  let module = root;
  const [base, sub] = root.split('/');
  if (sub === 'promises' && root.split('/').length === 2) {
    module = base!;
    path = ['promises', ...path];
  }
  return `${module}:${path.length === 0 ? 'default' : path.join('.')}`;
}

function normaliseModule(specifier: string): string {
  return specifier.startsWith('node:') ? specifier.slice(5) : specifier;
}

function isGlobalObject(name: string): boolean {
  return name === 'globalThis' || name === 'window' || name === 'self' || name === 'global';
}

function traceImport(specifier: Node, declaration: Node | undefined): OriginPath | undefined {
  const statement = declaration ?? specifier.parent;
  if (statement?.type === 'TSImportEqualsDeclaration') {
    const reference = statement.moduleReference;
    const source = reference.type === 'TSExternalModuleReference' ? getStringValue(reference.expression) : undefined;
    return source === undefined ? undefined : { root: normaliseModule(source), members: [] };
  }
  if (specifier.type === 'TSImportEqualsDeclaration') return traceImport(specifier, specifier);
  if (statement?.type !== 'ImportDeclaration') return undefined;
  const root = normaliseModule(statement.source.value);
  switch (specifier.type) {
    case 'ImportDefaultSpecifier':
      return { root, members: ['default'] };
    case 'ImportNamespaceSpecifier':
      return { root, members: [] };
    case 'ImportSpecifier':
      return { root, members: [specifier.imported.type === 'Identifier' ? specifier.imported.name : specifier.imported.value] };
    default:
      return undefined;
  }
}

/** What a class assigns to its fields, null and undefined aside. */
function collectFields(owner: ClassNode, keys: VisitorKeys | undefined): Map<string, Node[]> {
  const fields = new Map<string, Node[]>();
  const add = (name: string | undefined, value: Node | null) => {
    const isNothing = !value || (value.type === 'Literal' && value.value === null) || (value.type === 'Identifier' && value.name === 'undefined');
    if (name === undefined || isNothing) return;
    const known = fields.get(name);
    if (known) known.push(value);
    else fields.set(name, [value]);
  };
  walk(
    owner.body,
    (node) => {
      if (node.type === 'PropertyDefinition' && node.parent === owner.body) add(getPropertyName(node), node.value);
      if (node.type !== 'AssignmentExpression' || node.operator !== '=' || node.left.type !== 'MemberExpression') return;
      if (node.left.object.type === 'ThisExpression') add(getPropertyName(node.left), node.right);
    },
    keys,
  );
  return fields;
}

export type { Reference, Scope, ScopeManager, Variable };
