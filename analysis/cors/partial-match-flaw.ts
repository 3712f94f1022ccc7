import { getRegisteredLabel, isLocalHost, isSharedHosting } from './host-name.js';
import { type CheckedText, type MatchFlaw, isOrigin } from './pattern-flaw.js';

export type PartialMatch = 'includes' | 'startsWith' | 'endsWith';

// Schemes and separators say nothing about a host.
const NO_HOST = /^(?:[a-z][a-z0-9+.-]*:?\/{0,2}|[:/.]*|null|undefined)$/i;
const SCHEMES = /^(?:https?|wss?|file|app|capacitor|ionic|tauri|electron|(?:chrome|moz|safari-web)-extension)(?::\/{0,2})?$/i;

/**
 * Whether an origin (or host) of a stranger can begin with, end in or contain a text. Undefined where only whoever
 * owns the named host can, or where the text names no host.
 */
export function findPartialMatchFlaw(method: PartialMatch, text: string, checked: CheckedText): MatchFlaw | undefined {
  if (text.trim() === '' || /^[:/.]*$/.test(text) || (NO_HOST.test(text) && (SCHEMES.test(text) || /^(?:null|undefined)$/i.test(text) || text.includes('://')))) {
    return undefined;
  }
  const flaws = method === 'endsWith' ? getSuffixFlaws(text, checked) : getPrefixFlaws(method, text, checked);
  return flaws.find(({ example }) => isOrigin(example, checked) && matches(method, example, text));
}

function matches(method: PartialMatch, example: string, text: string): boolean {
  return example[method](text);
}

function getPrefixFlaws(method: PartialMatch, text: string, checked: CheckedText): MatchFlaw[] {
  const before = method === 'startsWith' || checked === 'host' ? '' : getMissingStart(text);
  const prefix = `${before}${/^[.-]/.test(text) && !before.endsWith('a') ? 'a' : ''}${text}`;
  const end = (example: string): MatchFlaw => ({ kind: 'end', example, certainty: 'certain' });
  return [end(`${prefix}.evil.example`), end(`${prefix}evil.example`)];
}

function getSuffixFlaws(text: string, checked: CheckedText): MatchFlaw[] {
  const [host = '', ...port] = text.replace(/^.*:\/\//, '').split(/(?=:\d)/);
  if (text.includes('//') || /^[.:]/.test(host) || isLocalHost(host)) {
    // .vercel.app: a border, but one that everybody can stand behind
    const isOpen = host.startsWith('.') && isSharedHosting(host.slice(1)) && getRegisteredLabel(host.slice(1).split('.')) < 0;
    return isOpen ? [{ kind: 'shared', example: `${checked === 'origin' ? 'https://' : ''}evil${text}`, certainty: 'potential' }] : [];
  }
  const labels = host.split('.');
  // app.example.com: evilapp.example.com is still in example.com
  if (labels.length < 2 || getRegisteredLabel(labels) > 0 || host.startsWith('-')) return [];
  const example = `${checked === 'origin' ? 'https://' : ''}evil${host}${port.join('')}`;
  return [{ kind: 'start', example, certainty: 'certain' }];
}

function getMissingStart(text: string): string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return '';
  if (text.startsWith('://')) return 'https';
  if (text.startsWith('//')) return 'https:';
  return text.startsWith('/') ? 'https:/' : `https://${/^[.-]/.test(text) ? 'a' : ''}`;
}
