import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';

/** Where the package that carries the schema keeps it. */
const packageFolder = join(createRequire(import.meta.url).resolve('@microsoft/jest-sarif/package.json'), '..');
const { $schema, id: _id, ...schema } = JSON.parse(readFileSync(join(packageFolder, 'lib/schemas/sarif-2.1.0-rtm.5.json'), 'utf8')) as Record<string, unknown>;

// The schema is of draft 4, which the validator does not read; of what changed since, it uses nothing but the name of the draft.
if (!String($schema).includes('draft-04') || /"exclusiveM(?:in|ax)imum"/.test(JSON.stringify(schema))) throw new Error('The schema of SARIF is not of the draft that was expected.');

const ajv = new Ajv({ allErrors: true, strict: false, unicodeRegExp: false });
addFormats.default(ajv);
const validate = ajv.compile(schema);

/** What the published JSON schema of SARIF 2.1.0 has against a document: a line for each violation, with its place. */
export function findSarifErrors(document: unknown): string[] {
  return validate(document) ? [] : validate.errors!.map(({ instancePath, message }) => `${instancePath} ${message}`);
}
