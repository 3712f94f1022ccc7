import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { PageParts } from '../reporters/format-html.js';

/** The page of the HTML report, from the package: browsers run these files as they are, so no build step touches them. */
export async function readPageParts(): Promise<PageParts> {
  const directory = join(dirname(createRequire(import.meta.url).resolve('watertight/package.json')), 'report-page');
  const read = (name: string) => readFile(join(directory, name), 'utf8');
  const [html, css, ...scripts] = await Promise.all([read('page.html'), read('page.css'), read('draw-finding.js'), read('page.js')]);
  return { html, css, scripts };
}
