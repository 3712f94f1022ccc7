import { Annotation, type ChangeSet, type EditorSelection, type EditorState, type Extension, StateField, Transaction } from '@codemirror/state';
import { type Command, type EditorView, keymap } from '@codemirror/view';

interface Item {
  /** What takes the text back. */
  readonly changes: ChangeSet;
  readonly selection: EditorSelection;
  readonly time: number;
}

interface Past {
  readonly done: readonly Item[];
  readonly undone: readonly Item[];
}

/** Milliseconds: what is typed without a longer pause is taken back together. */
const PAUSE = 500;
const MOST_ITEMS = 200;
const step = Annotation.define<'undo' | 'redo'>();

const past = StateField.define<Past>({
  create: () => ({ done: [], undone: [] }),
  update(value, transaction) {
    if (!transaction.docChanged || transaction.annotation(Transaction.addToHistory) === false) return value;
    const time = transaction.annotation(Transaction.time) ?? 0;
    const item: Item = { changes: transaction.changes.invert(transaction.startState.doc), selection: transaction.startState.selection, time };
    const kind = transaction.annotation(step);
    if (kind === 'undo') return { done: value.done.slice(0, -1), undone: [...value.undone, item] };
    if (kind === 'redo') return { done: [...value.done, item], undone: value.undone.slice(0, -1) };
    const last = value.done.at(-1);
    const isTyping = transaction.isUserEvent('input.type') || transaction.isUserEvent('delete');
    if (last && isTyping && time - last.time < PAUSE) {
      return { done: [...value.done.slice(0, -1), { ...last, changes: item.changes.compose(last.changes), time }], undone: [] };
    }
    return { done: [...value.done, item].slice(-MOST_ITEMS), undone: [] };
  },
});

/** Taking back and bringing back what was written. */
export const undo: Extension = [
  past,
  keymap.of([
    { key: 'Mod-z', run: take('undo'), preventDefault: true },
    { key: 'Mod-y', mac: 'Mod-Shift-z', run: take('redo'), preventDefault: true },
    { linux: 'Ctrl-Shift-z', run: take('redo'), preventDefault: true },
  ]),
];

function take(kind: 'undo' | 'redo'): Command {
  return (view: EditorView) => {
    const item = findItem(view.state, kind);
    if (!item) return false;
    view.dispatch({ changes: item.changes, selection: item.selection, annotations: step.of(kind), scrollIntoView: true });
    return true;
  };
}

function findItem(state: EditorState, kind: 'undo' | 'redo'): Item | undefined {
  const { done, undone } = state.field(past);
  return (kind === 'undo' ? done : undone).at(-1);
}
