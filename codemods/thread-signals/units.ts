import { ts } from 'ts-morph';
import { getMemberGroup } from './member-groups.js';
import type { ProgramFiles } from './program-files.js';
import type { Block } from './types.js';

/** A function that can be given a signal, with all that must change together: overloads, overrides, members of interfaces. */
export interface Unit {
  /** The keys of its bodies. */
  readonly keys: readonly string[];
  readonly name: string;
  /** Everything with a list of parameters, bodies included. */
  readonly signatures: readonly ts.SignatureDeclaration[];
  readonly bodies: readonly ts.FunctionLikeDeclaration[];
  /** What a name that means the function resolves to. */
  readonly targets: ReadonlySet<ts.Node>;
  /** Why nothing about it can be changed. */
  readonly block: Block | undefined;
}

/** Finds the unit of a function, one for all that belong together. */
export class Units {
  readonly #files: ProgramFiles;
  readonly #units = new Map<ts.Node, Unit | undefined>();

  constructor(files: ProgramFiles) {
    this.#files = files;
  }

  /** Undefined for a function without a name to call it by, and for constructors and accessors. */
  get(fn: ts.FunctionLikeDeclaration): Unit | undefined {
    if (!this.#units.has(fn)) {
      const unit = this.#create(fn);
      this.#units.set(fn, unit);
      for (const body of unit?.bodies ?? []) this.#units.set(body, unit);
    }
    return this.#units.get(fn);
  }

  #create(fn: ts.FunctionLikeDeclaration): Unit | undefined {
    const holder = findHolder(fn);
    const name = holder && getName(holder);
    if (!holder || name === undefined) return undefined;
    const keys = [this.#files.getKey(fn)];
    if (ts.isFunctionDeclaration(holder)) {
      const symbol = this.#files.checker.getSymbolAtLocation(holder.name!);
      const signatures = symbol?.declarations?.filter(ts.isFunctionDeclaration) ?? [holder];
      return { keys, name, signatures, bodies: [fn], targets: new Set<ts.Node>(symbol?.declarations ?? [holder]), block: undefined };
    }
    if (ts.isVariableDeclaration(holder)) {
      const block = holder.type ? { reason: 'unsupported-shape' as const, detail: `\`${name}\` has a type that is declared elsewhere` } : undefined;
      return { keys, name, signatures: [fn], bodies: [fn], targets: new Set<ts.Node>([holder]), block };
    }
    const { members, isForeign } = getMemberGroup(this.#files, holder, name);
    const signatures = [...members].flatMap(getSignatures);
    const bodies = signatures.filter((signature): signature is ts.FunctionLikeDeclaration => 'body' in signature && signature.body !== undefined);
    const isDecorated = [...members].some((member) => ts.canHaveDecorators(member) && (ts.getDecorators(member)?.length ?? 0) > 0);
    const untyped = [...members].some((member) => getSignatures(member).length === 0);
    const detail = isForeign ? 'is declared by code that is not of this project' : isDecorated ? 'is decorated' : untyped ? 'is declared in a way that shows no parameters' : undefined;
    return { keys: bodies.map((body) => this.#files.getKey(body)), name, signatures, bodies, targets: members, block: detail === undefined ? undefined : { reason: 'unsupported-shape', detail: `\`${name}\` ${detail}` } };
  }
}

type Holder = ts.FunctionDeclaration | ts.VariableDeclaration | ts.MethodDeclaration | ts.PropertyDeclaration | ts.PropertyAssignment;

/** What gives a function its name. */
function findHolder(fn: ts.FunctionLikeDeclaration): Holder | undefined {
  if (ts.isFunctionDeclaration(fn)) return fn.name ? fn : undefined;
  if (ts.isMethodDeclaration(fn)) return fn;
  if (!ts.isArrowFunction(fn) && !ts.isFunctionExpression(fn)) return undefined;
  const { parent } = fn;
  if (ts.isVariableDeclaration(parent)) return (parent.parent.flags & ts.NodeFlags.Const) !== 0 ? parent : undefined;
  return (ts.isPropertyDeclaration(parent) || ts.isPropertyAssignment(parent)) && parent.initializer === fn ? parent : undefined;
}

function getName({ name }: Holder): string | undefined {
  return name && (ts.isIdentifier(name) || ts.isPrivateIdentifier(name)) ? name.text : undefined;
}

/** The lists of parameters that a member declares. */
function getSignatures(member: ts.Node): ts.SignatureDeclaration[] {
  if (ts.isMethodDeclaration(member) || ts.isMethodSignature(member)) return [member];
  if (ts.isPropertySignature(member)) return member.type && ts.isFunctionTypeNode(member.type) ? [member.type] : [];
  const isProperty = ts.isPropertyDeclaration(member) || ts.isPropertyAssignment(member);
  if (!isProperty || !member.initializer) return isProperty && ts.isPropertyDeclaration(member) && member.type && ts.isFunctionTypeNode(member.type) ? [member.type] : [];
  if (!ts.isArrowFunction(member.initializer) && !ts.isFunctionExpression(member.initializer)) return [];
  if (!ts.isPropertyDeclaration(member) || !member.type) return [member.initializer];
  return ts.isFunctionTypeNode(member.type) ? [member.type, member.initializer] : [];
}
