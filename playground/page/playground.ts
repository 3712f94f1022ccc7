import type { PresetName } from '../../cli/context.js';
import { type CheckAnswer, type Draft, LANGUAGES, type Language, STYLES, type Style } from '../engine/messages.js';
import { Editor } from './editor.js';
import { FindingList } from './finding-list.js';
import { make } from './make.js';
import { PRESETS } from './presets.js';
import { RewriteView } from './rewrite-view.js';
import { readHash, writeHash } from './share-draft.js';
import { WorkerClient } from './worker-client.js';

/** Code to begin with. */
export interface Example {
  readonly name: string;
  readonly draft: Draft;
}

export interface PlaygroundOptions {
  /** The address of the worker's script. */
  readonly worker: string;
  /** The first is shown to a visitor who brings no code in the address. */
  readonly examples: readonly Example[];
  readonly getRulePage: (rule: string) => string;
}

/** Milliseconds without a key after which the text is checked, and after which it is rewritten. */
const CHECK_PAUSE = 150;
const REWRITE_PAUSE = 400;
/** Milliseconds after which a worker is taken to hang. */
const CHECK_LIMIT = 20_000;
const REWRITE_LIMIT = 60_000;

const LABELS = {
  ts: 'TypeScript',
  tsx: 'TypeScript with JSX',
  js: 'JavaScript',
  using: 'using declarations',
  'try-finally': 'try … finally',
} satisfies Record<Language | Style, string>;

/** The page: an editor, the findings in its text with their paths, and the rewrite. The text is never run and never sent. */
export class Playground {
  readonly #options: PlaygroundOptions;
  readonly #checks: WorkerClient<'check'>;
  readonly #rewrites: WorkerClient<'rewrite'>;
  readonly #editor: Editor;
  readonly #list: FindingList;
  readonly #rewrite: RewriteView;
  readonly #status = make('p', { class: 'wt-status', role: 'status' });
  readonly #example: HTMLSelectElement;
  readonly #language = makeSelect(LANGUAGES, LABELS);
  readonly #preset = makeSelect(PRESETS);
  readonly #style = makeSelect(STYLES, LABELS);
  readonly #onHashChange = () => void this.#openAddress();
  #checkTimer: ReturnType<typeof setTimeout> | undefined;
  #rewriteTimer: ReturnType<typeof setTimeout> | undefined;
  #hash = '';

  constructor(parent: HTMLElement, options: PlaygroundOptions) {
    this.#options = options;
    this.#checks = new WorkerClient(options.worker, 'check', CHECK_LIMIT);
    this.#rewrites = new WorkerClient(options.worker, 'rewrite', REWRITE_LIMIT);
    this.#list = new FindingList(options.getRulePage, {
      onSelect: (finding) => this.#editor.showPath(finding?.path ?? []),
      onStep: (finding, place) => {
        this.#editor.showPath(finding.path, place);
        this.#editor.goTo(finding.path[place]!);
        this.#list.markStep(place);
      },
    });
    this.#rewrite = new RewriteView((text) => {
      this.#editor.setText(text);
      this.#editor.focus();
    });
    this.#example = makeSelect(options.examples.map(({ name }) => name));
    const editorPlace = make('div', { class: 'wt-editor' });
    parent.append(this.#drawTools(), make('div', { class: 'wt-panes' }, editorPlace, this.#drawResults()));
    this.#editor = new Editor(editorPlace, { onChange: () => this.#onChange(), onPoint: (line, column) => this.#list.selectAt(line, column) });
    window.addEventListener('hashchange', this.#onHashChange);
    void this.#openAddress();
  }

  close(): void {
    window.removeEventListener('hashchange', this.#onHashChange);
    clearTimeout(this.#checkTimer);
    clearTimeout(this.#rewriteTimer);
    this.#checks.close();
    this.#rewrites.close();
    this.#editor.close();
  }

  #drawTools(): HTMLElement {
    this.#example.addEventListener('change', () => this.#open(this.#options.examples[this.#example.selectedIndex]!.draft));
    this.#language.addEventListener('change', () => {
      this.#editor.setLanguage(this.#language.value as Language);
      this.#onChange();
    });
    this.#preset.addEventListener('change', () => this.#onChange());
    this.#style.addEventListener('change', () => this.#onChange());
    const copy = make('button', { type: 'button' }, 'Copy link');
    copy.addEventListener('click', () => void this.#copyLink(copy));
    return make('div', { class: 'wt-tools' }, label('Example', this.#example), label('Language', this.#language), label('Preset', this.#preset), label('Rewrite with', this.#style), copy);
  }

  #drawResults(): HTMLElement {
    const findings = make('section', { 'aria-label': 'Findings' }, make('div', { class: 'wt-row' }, make('h2', {}, 'Findings'), this.#status), this.#list.element);
    const rewrite = make('section', { 'aria-label': 'Rewrite' }, make('h2', {}, 'Rewrite'), this.#rewrite.element);
    return make('div', { class: 'wt-results' }, findings, rewrite);
  }

  get #draft(): Draft {
    return { text: this.#editor.text, language: this.#language.value as Language, preset: this.#preset.value as PresetName, style: this.#style.value as Style };
  }

  async #openAddress(): Promise<void> {
    const { hash } = location;
    if (hash !== '' && hash === this.#hash) return;
    const draft = await readHash(hash);
    const named = this.#options.examples.find(({ name }) => hash === `#example=${name}`);
    if (draft) this.#open(draft);
    else if (named ?? this.#editor.text === '') {
      const example = named ?? this.#options.examples[0]!;
      this.#example.value = example.name;
      this.#open(example.draft);
    }
  }

  #open({ text, language, preset, style }: Draft): void {
    this.#language.value = language;
    this.#preset.value = preset;
    this.#style.value = style;
    this.#list.forget();
    this.#editor.setLanguage(language);
    this.#editor.setText(text);
    this.#onChange();
  }

  #onChange(): void {
    clearTimeout(this.#checkTimer);
    clearTimeout(this.#rewriteTimer);
    this.#rewrite.expire();
    this.#checkTimer = setTimeout(() => void this.#check(), CHECK_PAUSE);
  }

  async #check(): Promise<void> {
    const draft = this.#draft;
    if (this.#status.textContent === '') this.#status.textContent = 'Loading the rules …';
    void this.#writeAddress(draft);
    const outcome = await this.#checks.ask(draft);
    if (outcome.status === 'superseded' || !isSame(draft, this.#draft)) return;
    if (outcome.status === 'failed') {
      this.#showFindings({ findings: [], problems: [], duration: 0 }, `The check stopped: ${outcome.error}`);
      this.#rewrite.say('');
      return;
    }
    const { findings, duration } = outcome.answer;
    this.#showFindings(outcome.answer, `${describeCount(findings.length)} in ${Math.round(duration)} ms`);
    if (findings.length === 0) this.#rewrite.say('Nothing to repair.');
    else this.#rewriteTimer = setTimeout(() => void this.#rewriteDraft(draft), REWRITE_PAUSE);
  }

  #showFindings(answer: CheckAnswer, status: string): void {
    this.#status.textContent = status;
    this.#list.show(answer);
    this.#editor.showFindings(answer.findings);
    this.#editor.showPath(this.#list.selected?.path ?? []);
  }

  async #rewriteDraft(draft: Draft): Promise<void> {
    const outcome = await this.#rewrites.ask(draft);
    if (outcome.status === 'superseded' || !isSame(draft, this.#draft)) return;
    if (outcome.status === 'answered') this.#rewrite.show(outcome.answer);
    else this.#rewrite.say(`The rewrite stopped: ${outcome.error}`);
  }

  async #writeAddress(draft: Draft): Promise<void> {
    const named = this.#options.examples[this.#example.selectedIndex];
    const hash = named && isSame(named.draft, draft) ? `#example=${named.name}` : await writeHash(draft);
    if (!isSame(draft, this.#draft)) return;
    this.#hash = hash;
    history.replaceState(history.state, '', hash);
  }

  async #copyLink(button: HTMLButtonElement): Promise<void> {
    const hash = await writeHash(this.#draft);
    this.#hash = hash;
    history.replaceState(history.state, '', hash);
    const isCopied = await navigator.clipboard.writeText(location.href).then(() => true, () => false);
    button.textContent = isCopied ? 'Copied' : 'It is in the address bar';
    setTimeout(() => (button.textContent = 'Copy link'), 2000);
  }
}

function describeCount(count: number): string {
  return count === 1 ? '1 finding' : `${count} findings`;
}

function isSame(a: Draft, b: Draft): boolean {
  return a.text === b.text && a.language === b.language && a.preset === b.preset && a.style === b.style;
}

function label(text: string, field: HTMLElement): HTMLElement {
  return make('label', {}, make('span', {}, text), field);
}

function makeSelect(values: readonly string[], labels: Readonly<Record<string, string>> = {}): HTMLSelectElement {
  return make('select', {}, ...values.map((value) => make('option', { value }, labels[value] ?? value)));
}
