import { type CallLike, getPropertyName, getStringValue, skipWrappers } from '../syntax/node.js';

const METHOD = /^(?:GET|POST|PUT|PATCH|DELETE|OPTIONS)$/;

/** Whether a call says that it sends a request: `request(url, { method: 'PUT', … })`, `request(url, { headers, signal })`. */
export function isRequest(call: CallLike): boolean {
  return call.arguments.some((argument) => {
    const options = skipWrappers(argument);
    if (options.type !== 'ObjectExpression') return false;
    const properties = options.properties.flatMap((property) => (property.type === 'Property' ? [property] : []));
    const names = new Set(properties.map((property) => getPropertyName(property)));
    const method = properties.find((property) => getPropertyName(property) === 'method');
    if (method) return METHOD.test(getStringValue(method.value)?.toUpperCase() ?? '');
    return names.has('signal') && (names.has('headers') || names.has('body'));
  });
}
