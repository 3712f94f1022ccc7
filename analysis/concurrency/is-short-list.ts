import { type Node, getPropertyName, skipWrappers } from '../syntax/node.js';

/** Lists that people write by hand, or of which a program has a few. */
const FEW =
  /^(?:cwds|want(?:ed)?|(?:.*[a-z])?(?:[lL]ocales|[lL]anguages|[pP]lugins|[pP]resets|[hH]ooks|[mM]iddlewares?|[hH]andlers|[lL]isteners|[sS]ervices|[sS]ervers|[pP]roviders|[cC]lients|[wW]orkers|[cC]onnections|[sS]ockets|[rR]egions|[zZ]ones|[pP]latforms|[aA]rchs?|[aA]rchitectures|[tT]argets|[eE]nvs?|[eE]nvironments|[sS]tages|[sS]teps|[pP]hases|[cC]hecks|[cC]ommands|[sS]cripts|[qQ]ueries|[sS]chemas?|[cC]onnectors|[cC]andidates|[cC]onfigs|[cC]fgs|[cC]onfigurations|[yY]amls|[oO]ptions|[fF]ormats|[eE]xtensions|[tT]hemes|[bB]rowsers|[dD]evices|[sS]izes|[sS]copes|[kK]inds|[tT]ypes|[mM]odes|[tT]abs|[rR]eplicas|[sS]hards|[mM]irrors|[rR]egistries|[dD]atabases|[rR]untimes|[aA]dapters|[dD]rivers|[bB]ackends|[eE]mulators|[dD]est(?:ination)?(?:Dir|Path)?s|[oO]utput(?:Dir|Path)?s|[dD]irs|[rR]oots))$/;
const SETTINGS = /(?:config|cfg|conf|settings|options|opts|yaml|manifest|tsconfig|packageJson|pkg)$/i;

/** Whether the name of a list, or of what it is a part of, says that it is short: `locales`, `config.plugins`. */
export function isShortList(list: Node): boolean {
  const node = skipWrappers(list);
  switch (node.type) {
    case 'Identifier':
      return FEW.test(node.name) || /dotenv/i.test(node.name);
    case 'MemberExpression':
      return FEW.test(getPropertyName(node) ?? '') || isPartOfSettings(node);
    case 'CallExpression': {
      const callee = skipWrappers(node.callee);
      const isStatic = callee.type === 'MemberExpression' && callee.object.type === 'Identifier' && /^(?:Object|Array)$/.test(callee.object.name);
      const source = isStatic ? node.arguments[0] : callee.type === 'MemberExpression' ? callee.object : undefined;
      return source !== undefined && isShortList(source);
    }
    default:
      return false;
  }
}

function isPartOfSettings(node: Node): boolean {
  const inner = skipWrappers(node);
  if (inner.type === 'Identifier') return SETTINGS.test(inner.name);
  if (inner.type !== 'MemberExpression') return false;
  return SETTINGS.test(getPropertyName(inner) ?? '') || isPartOfSettings(inner.object);
}
