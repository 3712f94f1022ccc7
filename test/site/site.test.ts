import { readFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, type Page, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { getExamples } from '../../playground/get-examples.js';
import { readHash, writeHash } from '../../playground/page/share-draft.js';
import { CHROMIUM } from '../cli/reports/browser.js';
import { findFaintTexts } from '../cli/reports/find-faint-texts.js';
import { ROOT } from '../repository/support/paths.js';
import { runTool } from './support/run-tool.js';
import { serveFolder } from './support/serve-folder.js';

const VITEPRESS = 'node_modules/vitepress/bin/vitepress.js';
const TYPEDOC = ['node_modules/typedoc/bin/typedoc', '--options', 'docs/.vitepress/typedoc.config.js'] as const;
/** Not at the root of its server, as on many hosts. */
const BASE = '/water/';
/** Milliseconds for one thing to come: a build or a page beside all other tests on a small machine. */
const PATIENCE = 120_000;
vi.setConfig({ testTimeout: 2 * PATIENCE });

const directory = mkdtempSync(join(tmpdir(), 'watertight-site-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const site = join(directory, 'site');

beforeAll(async () => {
  const [worker, reference] = await Promise.all([runTool('playground/build-worker.js', []), runTool(TYPEDOC[0], TYPEDOC.slice(1))]);
  expect(worker, worker.output).toMatchObject({ code: 0 });
  expect(reference, reference.output).toMatchObject({ code: 0 });
  const built = await runTool(VITEPRESS, ['build', 'docs', '--outDir', site], { SITE_BASE: BASE });
  expect(built, built.output).toMatchObject({ code: 0 });
}, 600_000);

const readPages = (folder: string) => readdirSync(join(site, folder), { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.html'));

describe('the site', () => {
  it('has a page for every guide and rule', () => {
    for (const folder of ['guides', 'rules']) {
      const sources = readdirSync(join(ROOT, 'docs', folder)).map((name) => name.replace(/\.md$/, '.html'));
      expect(sources.filter((name) => !existsSync(join(site, folder, name)))).toEqual([]);
    }
  });

  it('has a page for every export of the runtime', () => {
    const pages = new Set(readPages('api').map((path) => path.replace(/\.html$/, '').split(/[\\/]/).at(-1)));
    for (const entry of ['runtime/index.ts', 'runtime/testing/index.ts']) {
      const lists = [...readFileSync(join(ROOT, entry), 'utf8').matchAll(/export (?:type )?\{([^}]*)\}/g)];
      const names = lists.flatMap((match) => match[1]!.split(',').map((name) => name.trim())).filter((name) => name !== '');
      expect(names.length).toBeGreaterThan(5);
      expect(names.filter((name) => !pages.has(name))).toEqual([]);
    }
  });

  it('names no other place to load anything from', () => {
    for (const path of readPages('')) {
      const html = readFileSync(join(site, path), 'utf8');
      expect(html).toContain('http-equiv="Content-Security-Policy"');
      expect(html, path).not.toMatch(/<(?:link|img|script|iframe)\b[^>]*(?:src|href)="(?:https?:)?\/\//);
    }
  });
});

describe('what fails the build', () => {
  it('is a link that leads nowhere', async () => {
    const docs = join(directory, 'docs');
    mkdirSync(join(docs, '.vitepress'), { recursive: true });
    writeFileSync(join(docs, '.vitepress/config.mjs'), `import config from ${JSON.stringify(join(ROOT, 'docs/.vitepress/config.ts'))};\nexport default { ...config, vite: {} };\n`);
    writeFileSync(join(docs, 'index.md'), '# One\n\n[two](./two.md)\n');
    const { code, output } = await runTool(VITEPRESS, ['build', docs]);
    expect(output).toContain('dead link');
    expect(code).not.toBe(0);
  });

  it('is an export without a comment', async () => {
    const source = join(directory, 'source');
    mkdirSync(source);
    writeFileSync(join(source, 'index.ts'), '/** Said. @module x */\n/** Said. */\nexport const said = 1;\nexport function unsaid(): void {}\n');
    writeFileSync(join(source, 'tsconfig.json'), JSON.stringify({ compilerOptions: { strict: true, types: [] }, files: ['index.ts'] }));
    const options = join(source, 'typedoc.config.mjs');
    const own = { entryPoints: [join(source, 'index.ts')], tsconfig: join(source, 'tsconfig.json'), out: join(source, 'out'), intentionallyNotDocumented: [] };
    writeFileSync(options, `import config from ${JSON.stringify(join(ROOT, TYPEDOC[2]))};\nexport default { ...config, ...${JSON.stringify(own)} };\n`);
    const { code, output } = await runTool(TYPEDOC[0], ['--options', options]);
    expect(output).toMatch(/unsaid.* does not have any documentation/);
    expect(output).not.toMatch(/\bsaid \(Variable\).* does not have any documentation/);
    expect(code).not.toBe(0);
  });
});

describe.skipIf(CHROMIUM === undefined)(CHROMIUM ? 'the playground in Chromium' : 'the playground in Chromium (skipped: there is none; set CHROMIUM_PATH)', () => {
  let browser: Browser;
  let server: Server;
  let url: string;

  beforeAll(async () => {
    ({ server, url } = await serveFolder(site, BASE));
    browser = await chromium.launch({ executablePath: CHROMIUM!, args: ['--no-sandbox'] });
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    server.close();
  });

  const LEAK = 'export async function load(url: string) {\nconst res = await fetch(url);\nif (!res.ok) throw new Error("no");\nreturn await res.json();\n}';

  async function open(path = 'playground.html', options: BrowserContextOptions = {}): Promise<{ page: Page; problems: string[]; foreign: string[] }> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    onTestFinished(() => context.close());
    context.setDefaultTimeout(PATIENCE);
    const page = await context.newPage();
    const [problems, foreign]: [string[], string[]] = [[], []];
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => problems.push(message.text()));
    context.on('request', (request) => {
      if (!request.url().startsWith(url)) foreign.push(request.url());
    });
    await page.goto(url + path);
    return { page, problems, foreign };
  }

  const getStatus = (page: Page) => page.getByRole('region', { name: 'Findings' }).getByRole('status');
  const getFindings = (page: Page) => page.locator('.wt-finding > button');
  const getText = async (page: Page) => (await page.locator('.cm-line').evaluateAll((lines) => lines.map((line) => [...line.childNodes].filter((node) => !(node instanceof Element && node.matches('.wt-note, .cm-widgetBuffer'))).map((node) => node.textContent).join('')))).join('\n');
  const waitForCount = (page: Page, count: number) => page.waitForFunction((sentence) => document.querySelector('.wt-status')?.textContent?.startsWith(sentence), count === 1 ? '1 finding in' : `${count} findings in`);

  /** Replaces what is in the editor, by keys. */
  async function type(page: Page, text: string): Promise<void> {
    await page.locator('.cm-content').focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Delete');
    await page.keyboard.insertText(text);
  }

  it('finds what is typed, draws its path, rewrites it, and is silent about the result', async () => {
    const { page, problems, foreign } = await open();
    await waitForCount(page, 2);
    await type(page, LEAK);
    await waitForCount(page, 1);
    expect(await getFindings(page).textContent()).toBe('2:19Body of res is never read or cancelled when line 3 throws. Read it, or cancel it before.');
    expect(await page.locator('.wt-note').allTextContents()).toEqual(['1 the response body is acquired', '2 res.ok is false', '3 an error is thrown']);
    expect(await page.locator('.wt-mark').allTextContents()).toEqual(['fetch(url)', 'res.ok', 'throw new Error("no");']);
    expect(await page.locator('.wt-rail-line.dot').count()).toBe(2);
    await page.getByRole('button', { name: 'Apply the rewrite' }).click();
    await waitForCount(page, 0);
    expect(await getText(page)).toContain('await using res = managed(await fetch(url));');
    expect(await page.locator('.wt-note, .wt-rail-line').count()).toBe(1);
    expect(page.workers().length).toBe(2);
    expect(problems).toEqual([]);
    expect(foreign).toEqual([]);
  });

  it('goes from a finding to its steps and from the code to its finding', async () => {
    const { page } = await open();
    await waitForCount(page, 2);
    await getFindings(page).nth(1).click();
    expect(await getFindings(page).nth(1).getAttribute('aria-expanded')).toBe('true');
    const notes = await page.locator('.wt-note').allTextContents();
    expect(notes.map((note) => note.slice(2))).toEqual(await page.locator('.wt-steps li span:last-child').allTextContents());
    await page.locator('.cm-lintRange').first().click();
    expect(await page.locator('.wt-note').allTextContents()).not.toEqual(notes);
    expect(await getFindings(page).first().getAttribute('aria-expanded')).toBe('true');
    await page.locator('.wt-steps button').last().click();
    expect(await page.locator('.wt-steps button[aria-current="step"]').textContent()).toBe('exitline 4an error is thrown');
    expect(await page.locator('.wt-mark.current').allTextContents()).toEqual(['throw new Error(`Manifest answered ${res.status}`);']);
    expect(await page.locator('.cm-activeLine').textContent()).toContain('Manifest answered');
  });

  it('is used with the keyboard alone', async () => {
    const { page } = await open();
    await waitForCount(page, 2);
    await page.getByLabel('Example').focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement!.getAttribute('aria-label'))).toBe('Code to check');
    await page.keyboard.press('Control+End');
    await page.keyboard.type('// more');
    await page.keyboard.press('Enter');
    await page.keyboard.type('x');
    expect(await getText(page)).toMatch(/\/\/ more\nx$/);
    // How much is taken back at once depends on how fast the keys came.
    const pressUntil = async (keys: string, isThere: boolean) => {
      for (let times = 0; times < 20 && (await getText(page)).includes('more') !== isThere; times += 1) await page.keyboard.press(keys);
      expect((await getText(page)).includes('more')).toBe(isThere);
    };
    await pressUntil('Control+z', false);
    expect(await getText(page)).toContain('fetchManifest');
    await pressUntil('Control+y', true);
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement!.getAttribute('aria-expanded'))).toBe('true');
    await page.keyboard.press('Enter');
    expect(await getFindings(page).first().getAttribute('aria-expanded')).toBe('false');
    // Also when the answer about the last keys comes after that.
    await page.waitForTimeout(1000);
    expect(await getFindings(page).first().getAttribute('aria-expanded')).toBe('false');
    expect(await page.locator('.wt-note').count()).toBe(0);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.locator('.wt-mark.current').allTextContents()).toEqual(['fetch(url, { signal })']);
  });

  it('keeps code and choices in an address that can be passed on', async () => {
    const { page } = await open();
    await waitForCount(page, 2);
    await page.getByLabel('Preset').selectOption('strict');
    await page.getByLabel('Rewrite with').selectOption('try-finally');
    await type(page, `${LEAK}\n// ünï ☂ “quoted” + / =\n`);
    await expect.poll(async () => (await readHash(new URL(page.url()).hash))?.text, { timeout: PATIENCE }).toContain('ünï');
    const { page: other } = await open(`playground.html${new URL(page.url()).hash}`);
    await other.waitForFunction(() => document.querySelector('.wt-line.added'));
    expect(await getText(other)).toBe(await getText(page));
    expect(await other.getByLabel('Preset').inputValue()).toBe('strict');
    expect(await other.locator('.wt-diff').textContent()).toContain('finally');
    const { page: cut } = await open(`playground.html${new URL(page.url()).hash.slice(0, 60)}`);
    await waitForCount(cut, 2);
  });

  it('has an example for each rule, and shows the rewrite or why there is none', async () => {
    const { page, problems } = await open();
    for (const { name } of getExamples().slice(1)) {
      await page.getByLabel('Example').selectOption(name);
      await page.waitForFunction((rule) => location.hash === `#example=${rule}`, name);
      await page.waitForFunction((rule) => document.querySelector('.wt-about a')?.textContent === rule, name);
      await page.waitForFunction(() => !document.querySelector('.wt-stale') && document.querySelector('.wt-line.added, .wt-line.removed, .wt-left li'));
    }
    expect(problems).toEqual([]);
  });

  it('runs nothing of the code, and sends nothing of it', async () => {
    const { page, foreign } = await open();
    await waitForCount(page, 2);
    await type(page, 'globalThis.wasRun = true; location.hash = "run"; void fetch("https://example.com/taken");\nthrow document.body.remove();\n');
    await getStatus(page).filter({ hasNotText: '2 findings' }).waitFor();
    await page.waitForTimeout(1000);
    expect(await page.evaluate(() => 'wasRun' in globalThis)).toBe(false);
    expect(foreign).toEqual([]);
    const refused = await page.evaluate(() => fetch('https://example.com/').then(() => 'sent', () => 'refused'));
    expect(refused).toBe('refused');
  });

  it('says where the code does not parse', async () => {
    const { page } = await open();
    await waitForCount(page, 2);
    await type(page, 'const a = ;');
    await page.locator('.wt-problem').waitFor();
    expect(await page.locator('.wt-problem').textContent()).toMatch(/^Line 1: /);
  });

  it('answers keys while 1,000 lines are checked', async () => {
    const text = Array.from({ length: 200 }, (_, index) => LEAK.replace('load', `load${index}`)).join('\n');
    const { page } = await open(`playground.html${await writeHash({ text, language: 'ts', preset: 'recommended', style: 'using' })}`);
    await waitForCount(page, 200);
    await page.evaluate(() => {
      const tasks: number[] = [];
      new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' });
      Object.assign(globalThis, { tasks });
    });
    await page.locator('.cm-content').focus();
    for (const key of '// hello') await page.keyboard.press(key, { delay: 100 });
    await waitForCount(page, 200);
    const tasks = await page.evaluate(() => (globalThis as unknown as { tasks: number[] }).tasks);
    // A check of all of it takes longer, and goes on elsewhere; generous, since other tests run at the same time.
    expect(Math.max(0, ...tasks)).toBeLessThan(1000);
  });

  it.each(['light', 'dark'] as const)('can be read in a system that is %s', async (colorScheme) => {
    const { page } = await open('playground.html', { colorScheme });
    await waitForCount(page, 2);
    await page.locator('.wt-line.added').first().waitFor();
    expect(await page.evaluate(() => document.documentElement.classList.contains('dark'))).toBe(colorScheme === 'dark');
    const faint = await page.evaluate(findFaintTexts);
    expect(faint).toEqual([]);
  });

  it('fits a narrow screen', async () => {
    const { page } = await open('playground.html', { viewport: { width: 380, height: 700 } });
    await waitForCount(page, 2);
    await page.locator('.wt-line.added').first().waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(380);
  });

  it('is left and entered again within the site', async () => {
    const { page, problems } = await open('index.html');
    await page.getByRole('link', { name: 'Try it on code of your own' }).click();
    await waitForCount(page, 2);
    await page.locator('.wt-about a').click();
    await page.getByRole('heading', { name: 'no-unclosed-response-body', level: 1 }).waitFor();
    expect(page.workers()).toEqual([]);
    await page.getByRole('link', { name: 'Try an example of this rule' }).click();
    await waitForCount(page, 1);
    expect(await page.getByLabel('Example').inputValue()).toBe('no-unclosed-response-body');
    expect(await page.getByLabel('Language').inputValue()).toBe('js');
    expect(problems).toEqual([]);
  });
});
