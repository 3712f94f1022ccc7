import type { ResourceKind } from './resource-kind.js';

/** What the user adds in `settings.watertight`. */
export interface WatertightSettings {
  /** Resources of the user's own, or additions to a built-in kind with the same `id`. */
  readonly resources: readonly Partial<ResourceKind>[];
}

export interface SettingsProblem {
  /** Where in the settings: `settings.watertight.resources[0].acquisitions`. */
  readonly path: string;
  readonly reason: string;
}

type Shape = 'string' | 'boolean' | 'array' | 'object';

const FIELDS: Readonly<Record<keyof ResourceKind, Shape>> = {
  id: 'string', label: 'string', triggers: 'array', acquisitions: 'array', methods: 'object', properties: 'object', otherMethods: 'string', parts: 'object',
  releasers: 'array', refinements: 'array', types: 'array', harmlessWords: 'array', isDisposable: 'boolean', onImplicitException: 'string', evidence: 'object',
  derivations: 'array', textPart: 'string', onUnknownCall: 'string', releaserNames: 'string', borrowers: 'array', isReleasedByCall: 'boolean', isLongLived: 'boolean', typeOf: 'string', fields: 'string', isBrowserHarmless: 'boolean', isAnyDisposable: 'boolean', isIdle: 'boolean', endsByItself: 'boolean', isFollowedInLists: 'boolean', isEndedBySignal: 'boolean',
};

interface ReadSettings {
  readonly settings: WatertightSettings;
  readonly problems: readonly SettingsProblem[];
}

/** The same settings give the same objects, so that what is concluded about a kind in one file can be kept for the next. */
const read = new WeakMap<object, ReadSettings>();
const NO_SETTINGS: ReadSettings = { settings: { resources: [] }, problems: [] };

/** Reads the user's declarations. What is not understood is left out and named in `problems`, so that nothing crashes. */
export function readSettings(settings: unknown): ReadSettings {
  if (settings === undefined) return NO_SETTINGS;
  if (typeof settings !== 'object' || settings === null) return readAll(settings);
  let known = read.get(settings);
  if (!known) read.set(settings, (known = readAll(settings)));
  return known;
}

function readAll(settings: unknown): ReadSettings {
  const problems: SettingsProblem[] = [];
  const resources: Partial<ResourceKind>[] = [];
  const declared = isRecord(settings) ? settings.resources : undefined;
  if (settings !== undefined && !isRecord(settings)) problems.push({ path: 'settings.watertight', reason: 'is not an object' });
  if (declared !== undefined && !Array.isArray(declared)) problems.push({ path: 'settings.watertight.resources', reason: 'is not an array' });
  for (const [index, entry] of (Array.isArray(declared) ? (declared as unknown[]) : []).entries()) {
    const path = `settings.watertight.resources[${index}]`;
    const before = problems.length;
    if (!isRecord(entry)) problems.push({ path, reason: 'is not an object' });
    else {
      if (typeof entry.id !== 'string') problems.push({ path: `${path}.id`, reason: 'is missing: give the resource a name, or name the built-in one to extend' });
      for (const [key, value] of Object.entries(entry)) {
        const shape = Object.hasOwn(FIELDS, key) ? FIELDS[key as keyof ResourceKind] : undefined;
        if (!shape) problems.push({ path: `${path}.${key}`, reason: `is not a field of a resource; there are ${Object.keys(FIELDS).join(', ')}` });
        else if (!hasShape(value, shape)) problems.push({ path: `${path}.${key}`, reason: `is not ${/^[aeiou]/.test(shape) ? 'an' : 'a'} ${shape}` });
      }
      for (const [position, acquisition] of (Array.isArray(entry.acquisitions) ? (entry.acquisitions as unknown[]) : []).entries()) {
        const isKnown = isRecord(acquisition) && (Array.isArray(acquisition.calls) || Array.isArray(acquisition.derivedBy));
        if (!isKnown) problems.push({ path: `${path}.acquisitions[${position}]`, reason: 'needs `calls`, a list such as ["my-pool:acquire"]' });
      }
      if (problems.length === before) resources.push(entry);
    }
  }
  return { settings: { resources }, problems };
}

const extended = new WeakMap<WatertightSettings, Map<string, ResourceKind>>();
const userKinds = new WeakMap<WatertightSettings, readonly ResourceKind[]>();

/** The built-in kind with what the user added to it under the same `id`. */
export function extendKind(kind: ResourceKind, settings: WatertightSettings): ResourceKind {
  if (settings.resources.length === 0) return kind;
  let ofSettings = extended.get(settings);
  if (!ofSettings) extended.set(settings, (ofSettings = new Map<string, ResourceKind>()));
  let known = ofSettings.get(kind.id);
  if (!known) ofSettings.set(kind.id, (known = settings.resources.filter(({ id }) => id === kind.id).reduce(merge, kind)));
  return known;
}

/** The kinds that only the user knows, with defaults for what was left out. */
export function getUserKinds(settings: WatertightSettings, builtIn: ReadonlySet<string>): readonly ResourceKind[] {
  let known = userKinds.get(settings);
  if (!known) userKinds.set(settings, (known = collectUserKinds(settings, builtIn)));
  return known;
}

function collectUserKinds(settings: WatertightSettings, builtIn: ReadonlySet<string>): ResourceKind[] {
  const kinds = new Map<string, ResourceKind>();
  for (const added of settings.resources) {
    if (builtIn.has(added.id!)) continue;
    const base = kinds.get(added.id!) ?? { id: added.id!, label: added.label ?? added.id!, triggers: [], acquisitions: [], onImplicitException: 'potential' as const };
    kinds.set(added.id!, merge(base, added));
  }
  return [...kinds.values()].map((kind) => ({ ...kind, triggers: kind.triggers.length > 0 ? kind.triggers : getTriggers(kind) }));
}

function merge(kind: ResourceKind, added: Partial<ResourceKind>): ResourceKind {
  const acquisitions = [...kind.acquisitions, ...(added.acquisitions ?? []).map((acquisition) => ({ ...acquisition, yields: acquisition.yields ?? 'promise' }))];
  return {
    ...kind,
    ...added,
    acquisitions,
    triggers: [...kind.triggers, ...(added.triggers ?? getTriggers({ ...kind, acquisitions }))],
    methods: { ...kind.methods, ...added.methods },
    properties: { ...kind.properties, ...added.properties },
    parts: { ...kind.parts, ...added.parts },
    releasers: [...(kind.releasers ?? []), ...(added.releasers ?? [])],
    refinements: [...(kind.refinements ?? []), ...(added.refinements ?? [])],
  };
}

/** The last word of each origin stands in every file that calls it under its own name. */
function getTriggers({ acquisitions }: Pick<ResourceKind, 'acquisitions'>): string[] {
  return acquisitions.flatMap(({ calls = [] }) => calls.map((call) => call.replace(/:(?:default|\*)$/, '').split(/[:.]/).at(-1)!)).filter((word) => word !== '*' && word !== '');
}

function hasShape(value: unknown, shape: Shape): boolean {
  if (shape === 'array') return Array.isArray(value);
  return shape === 'object' ? isRecord(value) : typeof value === shape;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
