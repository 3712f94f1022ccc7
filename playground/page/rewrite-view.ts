import type { PlannedSite } from '../../cli/fix/plan.js';
import type { RewriteAnswer } from '../engine/messages.js';
import { make, withCode } from './make.js';

/** What `watertight fix` would write, as a diff, and what it leaves alone. */
export class RewriteView {
  readonly element: HTMLElement;
  readonly #status = make('p', { class: 'wt-status', role: 'status' });
  readonly #diff = make('pre', { class: 'wt-diff', tabindex: '0', 'aria-label': 'Changes of the rewrite' });
  readonly #left = make('ul', { class: 'wt-left' });
  readonly #apply = make('button', { type: 'button' }, 'Apply the rewrite');
  #text: string | undefined;

  constructor(onApply: (text: string) => void) {
    this.#apply.addEventListener('click', () => {
      if (this.#text !== undefined) onApply(this.#text);
    });
    this.element = make('div', {}, make('div', { class: 'wt-row' }, this.#status, this.#apply), this.#diff, this.#left);
    this.say('');
  }

  /** Shows a sentence in place of a rewrite. */
  say(sentence: string): void {
    this.#draw(sentence, '', []);
    this.#text = undefined;
    this.#apply.hidden = true;
  }

  /** Takes back what can be applied, since the text is no longer the one that it was made for. */
  expire(): void {
    this.#apply.disabled = true;
    this.element.classList.add('wt-stale');
  }

  show({ text, diff, sites }: RewriteAnswer): void {
    const changed = sites.filter(({ status }) => status === 'changed').length;
    this.#draw(`${changed} of ${sites.length} repaired${changed > 0 ? ', and silent under all rules' : ''}.`, diff, sites.filter(({ status }) => status !== 'changed'));
    this.#text = text;
    this.#apply.hidden = changed === 0;
  }

  #draw(sentence: string, diff: string, left: readonly PlannedSite[]): void {
    this.element.classList.remove('wt-stale');
    this.#apply.disabled = false;
    this.#status.textContent = sentence;
    this.#diff.replaceChildren(...drawDiff(diff));
    this.#diff.hidden = diff === '';
    this.#left.replaceChildren(...left.map(drawLeft));
  }
}

function drawDiff(diff: string): HTMLElement[] {
  // The names of the files come first, and there is only one file.
  const lines = diff.trimEnd().split('\n').slice(2);
  return lines.map((line) => make('span', { class: `wt-line ${getKind(line)}` }, `${line}\n`));
}

function getKind(line: string): string {
  if (line.startsWith('+')) return 'added';
  if (line.startsWith('-')) return 'removed';
  return line.startsWith('@') ? 'head' : '';
}

function drawLeft({ line, rule, reason, detail, status }: PlannedSite): HTMLElement {
  const why = [reason, detail].filter((part) => part !== undefined).join(': ');
  return make('li', {}, `Line ${line}, ${rule}: ${status === 'failed' ? 'failed' : 'left alone'}, `, ...withCode(why));
}
