import type { ResourceKind } from '../resources/resource-kind.js';
import type { Module } from './module-provider.js';

const answers = new WeakMap<Module, Map<ResourceKind, boolean>>();
const patterns = new WeakMap<ResourceKind, RegExp>();

/** Whether the text of a file has a word by which this kind of resource is acquired. Without one the file need not be parsed. */
export function mayAcquire(module: Module, kind: ResourceKind): boolean {
  let known = answers.get(module);
  if (!known) answers.set(module, (known = new Map<ResourceKind, boolean>()));
  let answer = known.get(kind);
  if (answer === undefined) known.set(kind, (answer = getPattern(kind).test(module.text)));
  return answer;
}

function getPattern(kind: ResourceKind): RegExp {
  let pattern = patterns.get(kind);
  if (!pattern) {
    const words = new Set(kind.acquisitions.flatMap((acquisition) => [...(acquisition.calls ?? []).map(getWord), ...(acquisition.derivedBy ?? []), acquisition.only?.property ?? '']));
    words.delete('');
    const alternatives = [...words].map((word) => `(?<![\\w$])${word.replace(/[$.*+?^()[\]{}|\\/-]/g, String.raw`\$&`)}(?![\\w$])`);
    patterns.set(kind, (pattern = new RegExp(alternatives.join('|') || '(?!)')));
  }
  return pattern;
}

/** The word of an origin that stands in every file that calls it: the member, or the module where that is its default export. */
function getWord(origin: string): string {
  const [module = '', path = ''] = origin.startsWith('.') ? ['', origin.slice(1)] : origin.split(':');
  const members = path.split('.').filter((member) => member !== 'default' && member !== '*' && member !== 'prototype');
  const member = members.at(-1)?.replace('()', '');
  if (member !== undefined) return member;
  return module === 'global' || module === '*' ? '' : module;
}
