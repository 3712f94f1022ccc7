import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { LANGUAGES } from './engine/messages.js';
import type { Example } from './page/playground.js';
import { readExamples } from './read-examples.js';

const PAGES = new URL('../docs/rules/', import.meta.url);

const FIRST = `export async function fetchManifest(url: string, signal: AbortSignal) {
  const res = await fetch(url, { signal });
  if (res.status === 404) return undefined;
  if (!res.ok) throw new Error(\`Manifest answered \${res.status}\`);
  try {
    return JSON.parse(await res.text());
  } catch (error) {
    throw new Error(\`No manifest at \${url}\`);
  }
}
`;

/** Which example of a page to take where the first is left to its author: one that is repaired. */
const PLACES: Readonly<Record<string, number>> = { 'no-insecure-temp-file': 1, 'no-unsafe-cors-origin': 1 };

/** What the playground offers to begin with: a function with two faults, and of each rule an example of what it reports. */
export function getExamples(): Example[] {
  const names = readdirSync(fileURLToPath(PAGES)).map((name) => name.replace(/\.md$/, ''));
  return [{ name: 'manifest', draft: { text: FIRST, language: 'ts', preset: 'recommended', style: 'using' } }, ...names.sort().flatMap(findExample)];
}

function findExample(name: string): Example[] {
  const page = readFileSync(new URL(`${name}.md`, PAGES), 'utf8');
  const example = readExamples(page).filter(({ isWrong }) => isWrong)[PLACES[name] ?? 0];
  const language = LANGUAGES.find((known) => known === example?.language);
  if (!example || !language) return [];
  const text = example.code.replace(/^.*❌.*\n/u, '');
  return [{ name, draft: { text, language, preset: page.includes('enabled in the ✅ `recommended` config') ? 'recommended' : 'strict', style: 'using' } }];
}
