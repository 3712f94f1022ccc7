import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type Page, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { readPageParts } from '../../../cli/files/read-page-parts.js';
import { formatHtml } from '../../../cli/reporters/format-html.js';
import { CHROMIUM } from './browser.js';
import { findFaintTexts } from './find-faint-texts.js';
import { makeReport } from './make-report.js';

const directory = mkdtempSync(join(tmpdir(), 'watertight-html-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function render(size: number): Promise<string> {
  return formatHtml(makeReport(size), await readPageParts());
}

describe('the text of the page', () => {
  it('names nothing to load, and no place on this machine', async () => {
    const html = await render(20);
    expect(html).not.toMatch(/<(?:link|img|script|iframe)\b[^>]*(?:src|href)="(?!data:)/);
    expect(html).not.toMatch(/@import|url\(/);
    expect(html).not.toContain('/project');
  });

  it('cannot be left by what stands in the code', async () => {
    const html = await render(1);
    const [, data] = /<script type="application\/json" id="report">(.*?)<\/script>/s.exec(html)!;
    expect(JSON.parse(data!)).toMatchObject({ files: [{ lines: { 4: '\t\tconsole.warn(`</script><b>${url}</b>`);' } }] });
  });

  it('is smaller than two kilobytes for each finding', async () => {
    const [empty, full] = [await render(0), await render(1000)];
    expect((full.length - empty.length) / 1000).toBeLessThan(2000);
  });
});

describe.skipIf(CHROMIUM === undefined)(CHROMIUM ? 'the page in Chromium' : 'the page in Chromium (skipped: there is none; set CHROMIUM_PATH)', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM!, args: ['--no-sandbox'] });
  }, 60_000);
  afterAll(() => browser.close());

  async function open(size: number, options: { colorScheme?: 'light' | 'dark'; hash?: string } = {}): Promise<{ page: Page; problems: string[]; requests: string[] }> {
    const file = join(directory, `report-${size}.html`);
    writeFileSync(file, await render(size));
    const context = await browser.newContext({ colorScheme: options.colorScheme ?? 'light', viewport: { width: 1280, height: 800 } });
    onTestFinished(() => context.close());
    const page = await context.newPage();
    const [problems, requests]: [string[], string[]] = [[], []];
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => problems.push(message.text()));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(pathToFileURL(file).href + (options.hash ?? ''));
    return { page, problems, requests };
  }

  const getShown = (page: Page) => page.locator('#shown').textContent();
  const getRows = (page: Page) => page.locator('.finding');

  it('shows 5,000 findings without drawing all, loads nothing and complains about nothing', async () => {
    const { page, problems, requests } = await open(5000);
    expect(await page.locator('#sums').textContent()).toBe('4500 findings in 500 of 500 files, 500 suppressed');
    expect(await getShown(page)).toBe('4500 of 5000 findings');
    expect(await getRows(page).count()).toBeLessThan(400);
    const drawing = await page.evaluate(() => performance.getEntriesByType('navigation')[0]!.duration);
    expect(drawing).toBeLessThan(10_000);
    expect(requests).toHaveLength(1);
    expect(problems).toEqual([]);
  });

  it('draws the rest while the list is scrolled to its end', async () => {
    const { page } = await open(1000);
    for (let last = -1, count = 0; last < count; ) {
      last = count;
      await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
      await page.waitForTimeout(150);
      count = await getRows(page).count();
    }
    expect(await getRows(page).count()).toBe(900);
  });

  it('searches 5,000 findings within half a second a key', async () => {
    const { page } = await open(5000);
    await page.keyboard.press('/');
    const started = Date.now();
    await page.keyboard.type('res4321');
    await page.waitForFunction(() => document.querySelector('#shown')!.textContent === '1 of 5000 findings');
    expect((Date.now() - started) / 'res4321'.length).toBeLessThan(500);
    expect(await getRows(page).locator('.message').textContent()).toContain('res4321');
    await page.keyboard.press('Escape');
    expect(await getShown(page)).toBe('4500 of 5000 findings');
  });

  it('filters by rule, folder and certainty, counts what is left, and keeps it in the address', async () => {
    const { page } = await open(1000);
    await page.getByRole('button', { name: /^no-uncleared-timer/ }).click();
    await page.getByRole('button', { name: /^packages/ }).click();
    await page.getByRole('button', { name: /^part-3/ }).click();
    await page.getByRole('button', { name: /^potential/ }).click();
    const shown = await getShown(page);
    const count = Number(/^(\d+) of 1000/.exec(shown!)![1]);
    const { files } = makeReport(1000);
    const expected = files.filter(({ path }) => path.includes('/part-3/')).flatMap(({ findings }) => findings.filter(({ rule, certainty }) => rule === 'no-uncleared-timer' && certainty === 'potential'));
    expect(count).toBe(expected.length);
    expect(count).toBeGreaterThan(0);
    const { page: again } = await open(1000, { hash: new URL(page.url()).hash });
    expect(await getShown(again)).toBe(shown);
    await again.getByRole('button', { name: 'Reset filters' }).click();
    expect(await getShown(again)).toBe('900 of 1000 findings');
  });

  it('is used with the keyboard alone: goes through findings, opens one, and draws its path from the acquisition to the exit', async () => {
    const { page, problems } = await open(200);
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    const button = page.locator('.finding > h3 > button').nth(1);
    expect(await button.getAttribute('aria-expanded')).toBe('true');
    const detail = page.locator(`#${await button.getAttribute('aria-controls')}`);
    expect(await detail.locator('.step').allTextContents()).toEqual([
      '1. acquire the response body is acquired',
      '2. branch res.status === 404 is true',
      '3. exit the function returns without it',
    ]);
    expect(await detail.locator('mark').allTextContents()).toEqual(['fetch(url)', 'res.status === 404', 'return undefined;']);
    expect(await detail.locator('.code').allTextContents()).toContain('\t\tconsole.warn(`</script><b>${url}</b>`);');
    await page.keyboard.press('Enter');
    expect(await detail.count()).toBe(0);
    expect(problems).toEqual([]);
  });

  it('goes on with the keyboard beyond what is drawn', async () => {
    const { page } = await open(1000);
    for (let index = 0; index < 200; index += 1) await page.keyboard.press('j');
    const focused = await page.evaluate(() => document.activeElement!.querySelector('.message')?.textContent);
    expect(focused).toContain('Body of res221 is');
  });

  it.each(['light', 'dark'] as const)('follows a system that is %s until its button is used, and its text can be read', async (colorScheme) => {
    const { page } = await open(40, { colorScheme });
    const getTheme = () => page.evaluate(() => document.documentElement.dataset.theme);
    expect(await getTheme()).toBe(colorScheme);
    await page.locator('.finding > h3 > button').first().click();
    expect(await page.evaluate(findFaintTexts)).toEqual([]);
    await page.locator('#theme').click();
    expect(await getTheme()).toBe(colorScheme === 'light' ? 'dark' : 'light');
  });

  it('fits a narrow screen', async () => {
    const { page } = await open(40);
    await page.setViewportSize({ width: 380, height: 700 });
    await page.locator('.finding > h3 > button').first().click();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(380);
  });

  it('says that there is nothing', async () => {
    const { page } = await open(0);
    expect(await page.locator('.empty').textContent()).toBe('Nothing was found.');
  });
});
