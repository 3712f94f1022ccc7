import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DefaultTheme } from 'vitepress';

type Item = DefaultTheme.SidebarItem;

/** The guides in the order of the README; what is not named there comes last. */
export function getGuidesMenu(docs: string): Item[] {
  const readme = readFileSync(join(docs, '../README.md'), 'utf8');
  const named = [...readme.matchAll(/\]\(docs\/guides\/([\w-]+)\.md\)/g)].map((match) => match[1]!);
  const names = new Set([...named, ...findPages(docs, 'guides')]);
  return [{ text: 'Guides', items: [...names].map((name) => ({ text: getTitle(docs, `guides/${name}`), link: `/guides/${name}` })) }];
}

/** The rules under the headings that their list in the README has. */
export function getRulesMenu(docs: string): Item[] {
  const readme = readFileSync(join(docs, '../README.md'), 'utf8');
  const list = /<!-- begin auto-generated rules list -->(.*?)<!-- end auto-generated rules list -->/s.exec(readme)![1]!;
  return list
    .split(/^### /m)
    .slice(1)
    .map((part) => {
      const names = new Set([...part.matchAll(/\]\(docs\/rules\/([\w-]+)\.md\)/g)].map((match) => match[1]!));
      return { text: part.slice(0, part.indexOf('\n')), items: [...names].map((name) => ({ text: name, link: `/rules/${name}` })) };
    });
}

/** The exports of the runtime, by entry point and kind. */
export function getApiMenu(docs: string): Item[] {
  return ['watertight-runtime', 'watertight-runtime/testing', 'watertight-runtime/testing/preload'].map((entry) => {
    const kinds = ['functions', 'classes', 'variables', 'interfaces', 'type-aliases'].filter((kind) => existsSync(join(docs, 'api', entry, kind)));
    const items = kinds.map((kind): Item => {
      const pages = findPages(docs, `api/${entry}/${kind}`);
      return { text: KINDS[kind] ?? kind, collapsed: kind !== 'functions' && kind !== 'classes', items: pages.map((name) => ({ text: name, link: `/api/${entry}/${kind}/${name}` })) };
    });
    return { text: entry, link: `/api/${entry}/`, items };
  });
}

const KINDS: Readonly<Record<string, string>> = { functions: 'Functions', classes: 'Classes', variables: 'Constants', interfaces: 'Interfaces', 'type-aliases': 'Types' };

function findPages(docs: string, folder: string): string[] {
  const names = readdirSync(join(docs, folder)).filter((name) => name.endsWith('.md') && name !== 'index.md');
  return names.map((name) => name.slice(0, -'.md'.length)).sort();
}

function getTitle(docs: string, page: string): string {
  return /^# (.*)$/m.exec(readFileSync(join(docs, `${page}.md`), 'utf8'))![1]!;
}
