import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { javascript } from '@codemirror/lang-javascript';
import { bracketMatching, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorSelection, EditorState, type Extension, Transaction } from '@codemirror/state';
import { EditorView, drawSelection, highlightActiveLine, highlightSpecialChars, keymap, lineNumbers } from '@codemirror/view';
import { classHighlighter } from '@lezer/highlight';
import type { CheckedFinding, Range } from '../../cli/lint/finding.js';
import type { Language } from '../engine/messages.js';
import { drawPath, pathDrawing } from './path-drawing.js';
import { toOffset } from './to-offset.js';

export interface EditorEvents {
  onChange(): void;
  /** The visitor clicked into the code, at a line and column from 1. */
  onPoint(line: number, column: number): void;
}

/** The code under the visitor's hands, with what was found drawn into it. */
export class Editor {
  readonly #view: EditorView;
  readonly #language = new Compartment();
  #hasText = false;

  constructor(parent: HTMLElement, events: EditorEvents) {
    const listeners: Extension = [
      EditorView.updateListener.of((update) => {
        if (update.docChanged) events.onChange();
      }),
      EditorView.domEventHandlers({
        click: (event, view) => {
          const offset = view.posAtCoords({ x: event.clientX, y: event.clientY });
          if (offset === null || !view.state.selection.main.empty) return;
          const line = view.state.doc.lineAt(offset);
          events.onPoint(line.number, offset - line.from + 1);
        },
      }),
    ];
    this.#view = new EditorView({
      parent,
      extensions: [
        lineNumbers(),
        pathDrawing,
        highlightSpecialChars(),
        drawSelection(),
        EditorState.allowMultipleSelections.of(false),
        indentOnInput(),
        bracketMatching(),
        highlightActiveLine(),
        EditorView.lineWrapping,
        syntaxHighlighting(classHighlighter),
        this.#language.of([]),
        history(),
        // Tab is left to the browser, so that the keyboard can leave the editor.
        keymap.of([...lintKeymap, ...historyKeymap, ...defaultKeymap]),
        EditorView.contentAttributes.of({ 'aria-label': 'Code to check', spellcheck: 'false', autocorrect: 'off', autocapitalize: 'off' }),
        listeners,
      ],
    });
  }

  get text(): string {
    return this.#view.state.doc.toString();
  }

  /** Puts another text in place of the one that is there, which can be taken back; the first text cannot. */
  setText(text: string): void {
    const { doc } = this.#view.state;
    if (text !== this.text) this.#view.dispatch({ changes: { from: 0, to: doc.length, insert: text }, annotations: Transaction.addToHistory.of(this.#hasText) });
    this.#hasText = true;
  }

  setLanguage(language: Language): void {
    this.#view.dispatch({ effects: this.#language.reconfigure(javascript({ typescript: language !== 'js', jsx: language !== 'ts' })) });
  }

  showFindings(findings: readonly (Range & Pick<CheckedFinding, 'rule' | 'message'>)[]): void {
    const { doc } = this.#view.state;
    const diagnostics = findings.map(({ rule, message, ...range }): Diagnostic => {
      const from = toOffset(doc, range.line, range.column);
      return { from, to: Math.max(from, toOffset(doc, range.endLine, range.endColumn)), severity: 'error', source: rule, message };
    });
    this.#view.dispatch(setDiagnostics(this.#view.state, diagnostics));
  }

  /** Draws the path of a finding; `current` is the step to look at. */
  showPath(steps: CheckedFinding['path'], current?: number): void {
    this.#view.dispatch({ effects: drawPath.of({ steps, current }) });
  }

  /** Brings a place into view and puts the cursor there. */
  goTo({ line, column }: Pick<Range, 'line' | 'column'>): void {
    const offset = toOffset(this.#view.state.doc, line, column);
    this.#view.dispatch({ selection: EditorSelection.cursor(offset), effects: EditorView.scrollIntoView(offset, { y: 'nearest', yMargin: 40 }) });
  }

  focus(): void {
    this.#view.focus();
  }

  close(): void {
    this.#view.destroy();
  }
}
