import type { CheckedFinding, FileProblem } from '../../cli/lint/finding.js';
import type { CheckAnswer } from '../engine/messages.js';
import { make, withCode } from './make.js';

export interface FindingListEvents {
  /** A finding was opened, or all were closed. */
  onSelect(finding: CheckedFinding | undefined): void;
  /** A step of the open finding was asked for, by its place in the path. */
  onStep(finding: CheckedFinding, place: number): void;
}

/** The findings below each other; of the open one also its steps. */
export class FindingList {
  readonly element = make('ol', { class: 'wt-findings' });
  readonly #events: FindingListEvents;
  /** The address of a rule's page. */
  readonly #getPage: (rule: string) => string;
  #answer: CheckAnswer = { findings: [], problems: [], duration: 0 };
  #selected: CheckedFinding | undefined;
  /** The visitor has closed the finding that was open, and wants none for now. */
  #isClosed = false;

  constructor(getPage: (rule: string) => string, events: FindingListEvents) {
    this.#getPage = getPage;
    this.#events = events;
  }

  get selected(): CheckedFinding | undefined {
    return this.#selected;
  }

  /** The next answer is about another text. */
  forget(): void {
    this.#selected = undefined;
    this.#isClosed = false;
  }

  /** Shows a new answer. The finding that was open stays open where it is still there; else the first one opens, unless the visitor wants none. */
  show(answer: CheckAnswer): void {
    const old = this.#selected;
    const isSame = (finding: CheckedFinding) => old !== undefined && finding.rule === old.rule && finding.messageId === old.messageId;
    this.#answer = answer;
    const first = this.#isClosed ? undefined : answer.findings[0];
    this.#selected = answer.findings.find((finding) => isSame(finding) && finding.line === old?.line) ?? answer.findings.find(isSame) ?? first;
    this.#draw();
  }

  /** Opens the finding that stands closest around a place, if one does. */
  selectAt(line: number, column: number): void {
    const isAfterStart = (finding: CheckedFinding) => finding.line < line || (finding.line === line && finding.column <= column);
    const isBeforeEnd = (finding: CheckedFinding) => line < finding.endLine || (finding.endLine === line && column <= finding.endColumn);
    const found = this.#answer.findings.findLast((finding) => isAfterStart(finding) && isBeforeEnd(finding));
    if (found && found !== this.#selected) this.#select(found);
  }

  /** Marks a step of the open finding as the one that is looked at. */
  markStep(place: number): void {
    for (const [index, button] of this.element.querySelectorAll('.wt-steps button').entries()) {
      if (index === place) button.setAttribute('aria-current', 'step');
      else button.removeAttribute('aria-current');
    }
  }

  #select(finding: CheckedFinding | undefined): void {
    this.#selected = finding;
    this.#isClosed = finding === undefined;
    this.#draw();
    this.#events.onSelect(finding);
  }

  #draw(): void {
    const { findings, problems } = this.#answer;
    // The keyboard stays on the finding that it was on.
    const focused = [...this.element.querySelectorAll('.wt-finding > button')].findIndex((button) => button === document.activeElement);
    this.element.replaceChildren(...problems.map(drawProblem), ...findings.map((finding, index) => this.#drawFinding(finding, index)));
    if (focused >= 0) this.element.querySelectorAll<HTMLElement>('.wt-finding > button')[focused]?.focus();
  }

  #drawFinding(finding: CheckedFinding, index: number): HTMLElement {
    const isOpen = finding === this.#selected;
    const id = `wt-path-${index}`;
    const place = make('span', { class: 'wt-place' }, `${finding.line}:${finding.column}`);
    const button = make('button', { type: 'button', 'aria-expanded': String(isOpen), 'aria-controls': id }, place, make('span', {}, ...withCode(finding.message)));
    button.addEventListener('click', () => this.#select(isOpen ? undefined : finding));
    const about = make('p', { class: 'wt-about' }, make('a', { href: this.#getPage(finding.rule) }, finding.rule), finding.certainty === 'potential' ? ' · likely, not shown on every step' : '');
    return make('li', { class: 'wt-finding' }, button, make('div', { id, hidden: !isOpen }, ...(isOpen ? [this.#drawSteps(finding), about] : [])));
  }

  #drawSteps(finding: CheckedFinding): HTMLElement {
    const items = finding.path.map((step, place) => {
      const button = make('button', { type: 'button' }, make('span', { class: `wt-kind ${step.kind}` }, step.kind), make('span', { class: 'wt-place' }, `line ${step.line}`), make('span', {}, ...withCode(step.text)));
      button.addEventListener('click', () => this.#events.onStep(finding, place));
      return make('li', {}, button);
    });
    return make('ol', { class: 'wt-steps', 'aria-label': 'Path, from its cause to the exit' }, ...items);
  }
}

function drawProblem({ line, message, hint }: FileProblem): HTMLElement {
  return make('li', { class: 'wt-problem' }, line === undefined ? '' : `Line ${line}: `, message, ' ', hint);
}
