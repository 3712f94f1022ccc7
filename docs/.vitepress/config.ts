import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitepress';
import { getApiMenu, getGuidesMenu, getRulesMenu } from './menus.js';

const docs = fileURLToPath(new URL('..', import.meta.url));
/** Where the site stands on its server, with a slash at both ends. */
const base = process.env.SITE_BASE ?? '/';
const worker = readdirSync(`${docs}public/playground`).find((name) => name.startsWith('worker-'));
if (worker === undefined) throw new Error('The worker of the playground is missing: run `npm run site:parts` first.');

/** Nothing comes from elsewhere, and nothing goes there. Scripts in the page are VitePress's own. */
const policy = "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'";

export default defineConfig({
  base,
  title: 'watertight',
  description: 'Finds the paths on which JavaScript and TypeScript code leaks a resource, and rewrites them.',
  lang: 'en',
  cleanUrls: false,
  // The examples of the rules use both.
  markdown: { theme: { light: 'github-light', dark: 'github-dark' }, lineNumbers: false },
  transformHead: () => [['meta', { 'http-equiv': 'Content-Security-Policy', content: policy }]],
  head: [['link', { rel: 'icon', href: `${base}icon.svg`, type: 'image/svg+xml' }]],
  themeConfig: {
    search: { provider: 'local' },
    outline: { level: [2, 3] },
    nav: [
      { text: 'Guides', link: '/guides/adopt', activeMatch: '/guides/' },
      { text: 'Rules', link: '/rules/no-unclosed-response-body', activeMatch: '/rules/' },
      { text: 'Runtime', link: '/api/', activeMatch: '/api/' },
      { text: 'Playground', link: '/playground' },
    ],
    sidebar: { '/guides/': getGuidesMenu(docs), '/rules/': getRulesMenu(docs), '/api/': getApiMenu(docs) },
  },
  vite: {
    define: { __PLAYGROUND_WORKER__: JSON.stringify(`${base}playground/${worker}`) },
    build: { chunkSizeWarningLimit: 1000 },
  },
});
