import { type Extension, type Range, StateEffect, StateField, type Text } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, GutterMarker, WidgetType, gutter } from '@codemirror/view';
import type { Step } from '../../cli/lint/finding.js';
import { make, withCode } from './make.js';
import { toOffset } from './to-offset.js';

interface Drawing {
  readonly steps: readonly Step[];
  /** The step that the visitor is looking at, by its place in the path. */
  readonly current: number | undefined;
}

/** Draws the path of a finding into the code; no steps draw nothing. */
export const drawPath = StateEffect.define<Drawing>();

interface Drawn {
  readonly decorations: DecorationSet;
  /** Where the steps stand, in the order of the text. */
  readonly stops: readonly { readonly offset: number; readonly kind: string }[];
}

const EMPTY: Drawn = { decorations: Decoration.none, stops: [] };

const drawn = StateField.define<Drawn>({
  create: () => EMPTY,
  update(value, { effects, state, docChanged, changes }) {
    for (const effect of effects) if (effect.is(drawPath)) return draw(effect.value, state.doc);
    if (!docChanged || value === EMPTY) return value;
    // It stays while the visitor types: the next answer is close, and lines that jump are hard to read.
    const stops = value.stops.map(({ offset, kind }) => ({ offset: changes.mapPos(offset), kind }));
    return { decorations: value.decorations.map(changes), stops };
  },
  provide: (field) => EditorView.decorations.from(field, ({ decorations }) => decorations),
});

/** Marks, notes and the rail beside the lines that the path leads over. */
export const pathDrawing: Extension = [
  drawn,
  gutter({
    class: 'wt-rail',
    lineMarker(view, block) {
      const { stops } = view.state.field(drawn);
      const [first, last] = [stops[0], stops.at(-1)];
      if (!first || !last || block.to < first.offset || block.from > last.offset) return null;
      const here = stops.findLast(({ offset }) => block.from <= offset && offset <= block.to);
      return new RailMarker(here?.kind, first.offset >= block.from, last.offset <= block.to);
    },
    lineMarkerChange: (update) => update.startState.field(drawn) !== update.state.field(drawn),
    initialSpacer: () => new RailMarker(undefined, false, false),
  }),
];

class RailMarker extends GutterMarker {
  readonly #kind: string | undefined;
  readonly #isFirst: boolean;
  readonly #isLast: boolean;

  constructor(kind: string | undefined, isFirst: boolean, isLast: boolean) {
    super();
    this.#kind = kind;
    this.#isFirst = isFirst;
    this.#isLast = isLast;
  }

  override eq(other: RailMarker): boolean {
    return this.#kind === other.#kind && this.#isFirst === other.#isFirst && this.#isLast === other.#isLast;
  }

  override toDOM(): Node {
    const names = ['wt-rail-line', this.#isFirst && 'first', this.#isLast && 'last', this.#kind && `dot ${this.#kind}`];
    return make('span', { class: names.filter(Boolean).join(' ') });
  }
}

class StepNote extends WidgetType {
  readonly #step: Step;
  readonly #place: number;
  readonly #isCurrent: boolean;

  constructor(step: Step, place: number, isCurrent: boolean) {
    super();
    this.#step = step;
    this.#place = place;
    this.#isCurrent = isCurrent;
  }

  override eq(other: StepNote): boolean {
    return this.#step === other.#step && this.#place === other.#place && this.#isCurrent === other.#isCurrent;
  }

  override toDOM(): HTMLElement {
    const { kind, text } = this.#step;
    // The list of steps says the same to those who do not see it.
    return make('span', { class: `wt-note ${kind}${this.#isCurrent ? ' current' : ''}`, 'aria-hidden': 'true' }, make('b', {}, String(this.#place + 1)), ' ', ...withCode(text));
  }
}

function draw({ steps, current }: Drawing, doc: Text): Drawn {
  if (steps.length === 0) return EMPTY;
  const ranges = steps.flatMap((step, place): Range<Decoration>[] => {
    const isCurrent = place === current;
    const start = toOffset(doc, step.line, step.column);
    // Of what spans lines the head: the rest would drown the other steps.
    const end = toOffset(doc, step.line, step.endLine === step.line ? step.endColumn : Infinity);
    const note = Decoration.widget({ widget: new StepNote(step, place, isCurrent), side: 1 + place }).range(doc.line(Math.min(step.line, doc.lines)).to);
    if (start >= end) return [note];
    return [Decoration.mark({ class: `wt-mark ${step.kind}${isCurrent ? ' current' : ''}` }).range(start, end), note];
  });
  const stops = steps.map(({ line, column, kind }) => ({ offset: toOffset(doc, line, column), kind }));
  return { decorations: Decoration.set(ranges, true), stops: stops.sort((a, b) => a.offset - b.offset) };
}
