import type { SourceFile } from '../source-file.js';
import { type Node, type TSESTree, getCalleeName, getPropertyName, getStringValue, outermostWrapper, skipWrappers } from '../syntax/node.js';

/** An object of options for a CORS library, framework or server. */
export interface CorsOptions {
  readonly node: TSESTree.ObjectExpression;
  readonly origin: TSESTree.Property | undefined;
  /** The property that allows credentials; undefined where nothing in the file does. */
  readonly credentials: TSESTree.Property | undefined;
  /** `koa`, where it is known what the library does without an origin. */
  readonly library: string | undefined;
}

const LIBRARIES: Readonly<Record<string, string>> = {
  'cors:default': 'cors',
  '@fastify/cors:default': 'fastify',
  '@fastify/cors:fastifyCors': 'fastify',
  'fastify-cors:default': 'fastify',
  '@koa/cors:default': 'koa',
  'kcors:default': 'koa',
  'koa-cors:default': 'koa',
  'koa2-cors:default': 'koa',
  'hono/cors:cors': 'hono',
  '@elysiajs/cors:cors': 'elysia',
  '@elysiajs/cors:default': 'elysia',
  'h3:handleCors': 'h3',
  'h3:appendCorsHeaders': 'h3',
  'micro-cors:default': 'micro',
  'nextjs-cors:default': 'cors',
  'itty-router:cors': 'itty',
  '@middy/http-cors:default': 'middy',
  'socket.io:Server': 'socket.io',
  'socket.io:default': 'socket.io',
};
const ORIGIN_KEY = /^(?:origins?|allow(?:ed)?Origins?)$/;
const CREDENTIALS_KEY = /^(?:credentials|allow(?:ed)?Credentials|supportsCredentials)$/;
const OTHER_KEY = /^(?:methods|allow(?:ed)?Methods|allow(?:ed)?Headers|exposed?Headers|maxAge|optionsSuccessStatus|preflightContinue|preflight)$/;
const CORS_NAME = /cors/i;

const optionsOfFiles = new WeakMap<SourceFile, readonly CorsOptions[]>();

export function getCorsOptions(file: SourceFile): readonly CorsOptions[] {
  let options = optionsOfFiles.get(file);
  if (!options) optionsOfFiles.set(file, (options = findCorsOptions(file)));
  return options;
}

function findCorsOptions(file: SourceFile): CorsOptions[] {
  const found: CorsOptions[] = [];
  for (const node of file.getNodes('ObjectExpression')) {
    const properties = getProperties(file, node);
    const origin = properties.find((property) => ORIGIN_KEY.test(getPropertyName(property) ?? ''));
    const credentials = properties.find((property) => CREDENTIALS_KEY.test(getPropertyName(property) ?? '') && isOn(file, property.value));
    if (!origin && !credentials) continue;
    const library = findLibrary(file, node);
    const hasFlag = properties.some((property) => CREDENTIALS_KEY.test(getPropertyName(property) ?? '') && isFlag(property.value));
    const isSure = library !== undefined || (origin !== undefined && (hasFlag || properties.some((property) => OTHER_KEY.test(getPropertyName(property) ?? '')) || isNamedCors(file, node)));
    if (isSure) found.push({ node, origin, credentials, library });
  }
  return found;
}

/** The properties of an object, those of constants that are spread into it included; the last of a name wins. */
function getProperties(file: SourceFile, node: TSESTree.ObjectExpression, depth = 0): TSESTree.Property[] {
  const byName = new Map<string, TSESTree.Property>();
  for (const property of node.properties) {
    if (property.type === 'SpreadElement') {
      const inner = skipWrappers(property.argument);
      const variable = inner.type === 'Identifier' ? file.getVariable(inner) : undefined;
      const value = variable && file.getOnlyValue(variable);
      const object = value && skipWrappers(value);
      if (object?.type === 'ObjectExpression' && depth < 3) for (const spread of getProperties(file, object, depth + 1)) byName.set(getPropertyName(spread)!, spread);
      // What it is is not known: it may set anything anew.
      else byName.clear();
    } else {
      const name = getPropertyName(property);
      if (name !== undefined) byName.set(name, property);
    }
  }
  return [...byName.values()];
}

/** Whether an option is switched on: `true`, or a constant that is. */
function isOn(file: SourceFile, value: Node): boolean {
  const node = skipWrappers(value);
  if (node.type === 'Literal') return node.value === true || node.value === 'true';
  if (node.type === 'UnaryExpression' && node.operator === '!') return node.argument.type === 'Literal' && !node.argument.value;
  const variable = node.type === 'Identifier' ? file.getVariable(node) : undefined;
  const only = variable && file.getOnlyValue(variable);
  return only?.type === 'Literal' && only.value === true;
}

function isFlag(value: Node): boolean {
  const node = skipWrappers(value);
  return (node.type === 'Literal' && typeof node.value === 'boolean') || (node.type === 'UnaryExpression' && node.operator === '!');
}

/** The library that the object is handed to, directly, by a constant or as `{ cors: … }`. */
function findLibrary(file: SourceFile, node: Node, depth = 0): string | undefined {
  const outer = outermostWrapper(node);
  const { parent } = outer;
  if (depth > 3) return undefined;
  switch (parent?.type) {
    case 'CallExpression':
    case 'NewExpression':
      return outer === parent.callee ? undefined : findLibraryOfCall(file, parent, outer);
    case 'Property': {
      if (parent.value !== outer || getPropertyName(parent) !== 'cors') return undefined;
      const above = outermostWrapper(parent.parent).parent;
      // routes: { cors: { … } }, options: { cors: { … } }
      if (above?.type === 'Property' && /^(?:routes|options|config)$/.test(getPropertyName(above) ?? '') && /['"]@?hapi(?:\/hapi)?['"]|\bHapi\b/.test(file.text)) return 'hapi';
      if (above?.type !== 'CallExpression' && above?.type !== 'NewExpression') return undefined;
      return findSocketLibrary(file, above.callee);
    }
    case 'VariableDeclarator': {
      const variable = parent.id.type === 'Identifier' ? file.getVariable(parent.id) : undefined;
      for (const reference of variable?.references ?? []) {
        const library = reference.isRead() ? findLibrary(file, reference.identifier, depth + 1) : undefined;
        if (library) return library;
      }
      return undefined;
    }
    default:
      return undefined;
  }
}

function findLibraryOfCall(file: SourceFile, call: TSESTree.CallExpression | TSESTree.NewExpression, argument: Node): string | undefined {
  const callee = skipWrappers(call.callee);
  const direct = findLibraryOf(file, callee);
  if (direct) return direct;
  const name = getCalleeName(callee);
  // app.enableCors({ … })
  if (name === 'enableCors') return 'cors';
  // fastify.register(cors, { … })
  const [plugin] = call.arguments;
  if (name === 'register' && plugin && plugin !== argument) return findLibraryOf(file, skipWrappers(plugin));
  return undefined;
}

function findLibraryOf(file: SourceFile, node: Node): string | undefined {
  const origin = file.getOrigin(node);
  if (origin !== undefined && origin in LIBRARIES && !origin.startsWith('socket.io')) return LIBRARIES[origin];
  // register(import('@fastify/cors'))
  const source = node.type === 'ImportExpression' ? getStringValue(node.source) : undefined;
  return source === undefined ? undefined : LIBRARIES[`${source}:default`];
}

function findSocketLibrary(file: SourceFile, callee: Node): string | undefined {
  const node = skipWrappers(callee);
  const origin = file.getOrigin(node);
  if (origin?.startsWith('socket.io:') && origin in LIBRARIES) return 'socket.io';
  return /^(?:WebSocketGateway)$/.test(getCalleeName(node) ?? '') ? 'socket.io' : undefined;
}

/** Whether the variable, property, type or call around an object is called after CORS. */
function isNamedCors(file: SourceFile, node: Node): boolean {
  if (node.parent && /^TS(?:As|Satisfies)Expression$/.test(node.parent.type)) {
    const annotation = (node.parent as TSESTree.TSAsExpression | TSESTree.TSSatisfiesExpression).typeAnnotation;
    if (CORS_NAME.test(file.getText(annotation))) return true;
  }
  const { parent } = outermostWrapper(node);
  switch (parent?.type) {
    case 'VariableDeclarator':
      return parent.id.type === 'Identifier' && CORS_NAME.test(file.getText(parent.id));
    case 'Property':
    case 'PropertyDefinition':
      return CORS_NAME.test(getPropertyName(parent) ?? '');
    case 'AssignmentExpression':
      return CORS_NAME.test(getCalleeName(parent.left) ?? '');
    case 'CallExpression':
      return CORS_NAME.test(getCalleeName(parent.callee) ?? '');
    default:
      return false;
  }
}
