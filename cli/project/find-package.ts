import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** What the nearest package.json says, as far as rewrites depend on it. */
export interface Package {
  readonly type: 'module' | 'commonjs';
  /** What is there at run time. */
  readonly dependencies: ReadonlySet<string>;
  /** The lowest major version of Node that `engines` allows. */
  readonly lowestNode: number | undefined;
  /** Of the TypeScript that is installed, else of the range that is asked for. */
  readonly typescript: Version | undefined;
}
export interface Version {
  readonly major: number;
  readonly minor: number;
}

interface Manifest {
  readonly type?: string;
  readonly engines?: { readonly node?: string };
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const packages = new Map<string, Promise<Package | undefined>>();
const NO_PACKAGE: Package = { type: 'commonjs', dependencies: new Set(), lowestNode: undefined, typescript: undefined };

/** The package that a file belongs to. Read once for each directory. */
export async function findPackage(path: string): Promise<Package> {
  for (let directory = dirname(path); ; directory = dirname(directory)) {
    const manifest = join(directory, 'package.json');
    if (!packages.has(manifest)) packages.set(manifest, readPackage(manifest));
    const found = await packages.get(manifest);
    if (found) return found;
    if (directory === dirname(directory)) return NO_PACKAGE;
  }
}

async function readPackage(path: string): Promise<Package | undefined> {
  let manifest: Manifest;
  try {
    manifest = JSON.parse(await readFile(path, 'utf8')) as Manifest;
  } catch {
    return undefined;
  }
  const { dependencies, peerDependencies, optionalDependencies, devDependencies } = manifest;
  return {
    type: manifest.type === 'module' ? 'module' : 'commonjs',
    dependencies: new Set([dependencies, peerDependencies, optionalDependencies].flatMap((group) => Object.keys(group ?? {}))),
    lowestNode: getLowestMajor(manifest.engines?.node),
    typescript: readInstalledVersion(path) ?? parseVersion(devDependencies?.typescript ?? dependencies?.typescript),
  };
}

/** The lowest of `^20.19 || >=22`; an upper bound alone (`<25`) says nothing. */
function getLowestMajor(range: string | undefined): number | undefined {
  if (range === undefined) return undefined;
  const majors = range.split('||').map((part) => /^\s*(?:[\^~]|>=|>|v|=)?\s*v?(\d+)/.exec(part)?.[1]);
  return majors.some((major) => major === undefined) ? undefined : Math.min(...majors.map(Number));
}

function readInstalledVersion(path: string): Version | undefined {
  try {
    return parseVersion((createRequire(path)('typescript/package.json') as { version: string }).version);
  } catch {
    return undefined;
  }
}

function parseVersion(version: string | undefined): Version | undefined {
  const match = /(\d+)\.(\d+)/.exec(version ?? '');
  return match ? { major: Number(match[1]), minor: Number(match[2]) } : undefined;
}
