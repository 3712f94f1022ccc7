import { ts } from 'ts-morph';
import type { ProgramFiles } from './program-files.js';

export interface MemberGroup {
  /** Every declaration of the member that stands for the same one: overloads, overrides, members of interfaces. */
  readonly members: ReadonlySet<ts.Node>;
  /** Whether one is declared by a library, whose callers nobody sees. */
  readonly isForeign: boolean;
}

type Groups = Map<ts.Node, { readonly members: Set<ts.Node>; isForeign: boolean }>;
const known = new WeakMap<ProgramFiles, Map<string, Groups>>();

/** All that belongs together with a member of a class, an object or an interface. */
export function getMemberGroup(files: ProgramFiles, member: ts.Node, name: string): MemberGroup {
  let byName = known.get(files);
  if (!byName) known.set(files, (byName = new Map<string, Groups>()));
  let groups = byName.get(name);
  if (!groups) byName.set(name, (groups = collectGroups(files, name)));
  return groups.get(member) ?? { members: new Set([member]), isForeign: false };
}

function collectGroups(files: ProgramFiles, name: string): Groups {
  const groups: Groups = new Map();
  const groupOf = (node: ts.Node) => {
    let group = groups.get(node);
    if (!group) groups.set(node, (group = { members: new Set([node]), isForeign: false }));
    return group;
  };
  const join = (a: ts.Node, b: ts.Node) => {
    const into = groupOf(a);
    const from = groupOf(b);
    if (into === from) return;
    for (const node of from.members) {
      into.members.add(node);
      groups.set(node, into);
    }
    into.isForeign ||= from.isForeign;
  };
  for (const identifier of files.findIdentifiers(name)) {
    const member = identifier.parent;
    if (!isMember(member) || member.name !== identifier) continue;
    for (const other of [...findOverloads(member, files), ...findBases(member, name, files)]) {
      if (files.isOwn(other)) join(member, other);
      else groupOf(member).isForeign = true;
    }
  }
  return groups;
}

type Member = ts.MethodDeclaration | ts.MethodSignature | ts.PropertyDeclaration | ts.PropertySignature | ts.PropertyAssignment;

function isMember(node: ts.Node): node is Member {
  return ts.isMethodDeclaration(node) || ts.isMethodSignature(node) || ts.isPropertyDeclaration(node) || ts.isPropertySignature(node) || ts.isPropertyAssignment(node);
}

function findOverloads({ name }: Member, { checker }: ProgramFiles): readonly ts.Node[] {
  return checker.getSymbolAtLocation(name)?.declarations ?? [];
}

/** The members of the same name that the classes and interfaces above declare; of an object, those of the type it is written for. */
function findBases(member: Member, name: string, { checker }: ProgramFiles): readonly ts.Node[] {
  const { parent } = member;
  if (ts.isObjectLiteralExpression(parent)) {
    const type = checker.getContextualType(parent);
    return type ? getDeclarations(type, name, checker) : [];
  }
  if (!ts.isClassLike(parent) && !ts.isInterfaceDeclaration(parent)) return [];
  return (parent.heritageClauses ?? []).flatMap((clause) => clause.types.flatMap((base) => getDeclarations(checker.getTypeAtLocation(base), name, checker)));
}

function getDeclarations(type: ts.Type, name: string, checker: ts.TypeChecker): readonly ts.Node[] {
  return checker.getPropertyOfType(checker.getNonNullableType(type), name)?.declarations ?? [];
}
