import { type ModuleProvider, type ResourceKind, isTestCode } from 'watertight-analysis';
import type { JSONSchema4 } from '@typescript-eslint/utils/json-schema';
import type { RuleContext, RuleListener, RuleMetaData, RuleModule } from '@typescript-eslint/utils/ts-eslint';
import { boundWork } from './bound-work.js';
import { findModuleTexts } from './find-module-provider.js';
import { findTypeProvider } from './find-type-provider.js';
import { getFile } from './get-file.js';
import { hasTrigger } from './has-trigger.js';
import { isTestFile } from './is-test-file.js';
import { mayAcquire } from './may-acquire.js';
import type { RuleDocs } from './rule-docs.js';
import { type SharedOptions, sharedOptions } from './shared-options.js';
import type { UnparsedFile } from './plugin-types.js';

export type WatertightRule<MessageId extends string = string, Options extends object = object> = RuleModule<MessageId, [Options], RuleDocs> & {
  readonly name: string;
  /** Told by the name and the text; lets a host leave a file unparsed when no rule that is turned on can find anything in it. */
  readonly mayReport: (file: UnparsedFile, options?: object) => boolean;
  readonly meta: { readonly schema: JSONSchema4[] };
};

/** A rule whose message ids and options do not matter to the reader. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- rules of all shapes stand in one index
export type AnyRule = WatertightRule<any, any>;

export type Context<MessageId extends string, Options extends object> = Readonly<RuleContext<MessageId, [Options]>>;

interface RuleDefinition<MessageId extends string, OwnOptions extends object> {
  readonly name: string;
  /** Words of which one stands in the text of every file with a finding; without them and `kinds` the rule looks at every file. */
  readonly triggers?: readonly string[];
  /** Besides, it looks at every file that may acquire a resource of these kinds, or that calls a function of another file which does. */
  readonly kinds?: readonly ResourceKind[];
  /** With type information the rule finds things in any file, whatever the words in it. */
  readonly isWiderWithTypes?: boolean;
  readonly meta: {
    readonly type: 'problem' | 'suggestion';
    readonly docs: Omit<RuleDocs, 'url' | 'recommended'>;
    readonly messages: Record<MessageId, string>;
    readonly fixable?: 'code';
    readonly hasSuggestions?: boolean;
    /** Nothing that the rule finds is likely only, so nobody has to ask for that. */
    readonly isAlwaysCertain?: boolean;
    /** What only this rule can be told: properties of the one options object, each with type, description and, here only, its default. */
    readonly options?: Record<keyof OwnOptions, JSONSchema4 & { description: string; default?: unknown }>;
  };
  readonly create: (context: Context<MessageId, OwnOptions & SharedOptions>, options: OwnOptions & SharedOptions) => RuleListener;
}

const DOCS_URL = 'https://github.com/watertight/watertight/blob/main/docs/rules';

/**
 * Makes an ESLint rule. Stands in for `RuleCreator` of typescript-eslint, which would load all of ESLint into every
 * host; also merges the defaults itself, since ESLint 8 ignores `meta.defaultOptions`.
 */
export function createRule<MessageId extends string, OwnOptions extends object = object>(
  definition: RuleDefinition<MessageId, OwnOptions>,
): WatertightRule<MessageId, OwnOptions & SharedOptions> {
  type Options = OwnOptions & SharedOptions;
  const { name, triggers, kinds, create } = definition;
  const isWiderWithTypes = definition.isWiderWithTypes ?? kinds !== undefined;
  const hasClue = (file: UnparsedFile, findModules: () => ModuleProvider | undefined) =>
    (!triggers && !kinds) || (triggers !== undefined && hasTrigger(file.text, triggers)) || (kinds !== undefined && mayAcquire(file, kinds, findModules));
  const { options: ownOptions, isAlwaysCertain, docs, ...meta } = definition.meta;
  const options = getOptions(ownOptions, isAlwaysCertain);
  const defaults = Object.fromEntries(
    Object.entries(options).flatMap(([key, schema]) => ('default' in schema ? [[key, schema.default]] : [])),
  ) as Options;
  return {
    name,
    mayReport: (file, chosen) => {
      const { checkTestFiles } = { ...defaults, ...(chosen as Partial<Options> | undefined) };
      return (checkTestFiles || !isTestFile(file)) && hasClue(file, findModuleTexts);
    },
    defaultOptions: [defaults],
    meta: {
      ...meta,
      docs: { ...docs, url: `${DOCS_URL}/${name}.md`, recommended: docs.preset === 'recommended' },
      schema: [{ type: 'object', additionalProperties: false, properties: options }],
      defaultOptions: [defaults],
    } satisfies RuleMetaData<MessageId, RuleDocs, [Options]>,
    create(context) {
      const chosen = { ...defaults, ...(context.options[0] as Partial<Options> | undefined) };
      // The name is asked first: it costs nothing.
      if (!chosen.checkTestFiles && isTestFile(context)) return {};
      // Settings may bring resources with words of their own.
      const isExtended = context.settings.watertight !== undefined || (isWiderWithTypes && findTypeProvider(context.sourceCode) !== undefined);
      const { sourceCode, filename } = context;
      if (!isExtended && !hasClue({ text: sourceCode.text, filename }, () => getFile(context).modules)) return {};
      return !chosen.checkTestFiles && isTestCode(getFile(context)) ? {} : boundWork(name, context, () => create(context, chosen));
    },
  };
}

/** In the order of the alphabet, as the tables of the documentation list them. */
function getOptions(ownOptions: Readonly<Record<string, JSONSchema4>> = {}, isAlwaysCertain = false): Record<string, JSONSchema4> {
  const { checkTestFiles, includePotential } = sharedOptions;
  const all: Record<string, JSONSchema4> = { ...ownOptions, checkTestFiles, ...(isAlwaysCertain ? {} : { includePotential }) };
  return Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
}
