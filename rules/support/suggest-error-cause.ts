import {
  type LostCause,
  type MaskedError,
  type PartialCopy,
  type SourceFile,
  type TextEdit,
  type ThrownText,
  addProperty,
  findCaughtName,
  getCauseEdits,
  getGuardEdit,
} from 'watertight-analysis';
import type { SuggestionReportDescriptor } from '@typescript-eslint/utils/ts-eslint';

type MessageId = 'addCause' | 'assignCause' | 'guardCleanup' | 'copyCause' | 'throwError';
type Suggestion = SuggestionReportDescriptor<MessageId>;

/** Hands the caught error over: where the constructor takes it, else with `Object.assign`. Binds it first where it has no name. */
export function suggestCause(file: SourceFile, lost: LostCause): Suggestion[] {
  const { node, place, causeName: name, binding } = lost;
  if (name === undefined) return [];
  const data = { caught: name };
  if (place) return [suggest('addCause', data, [...binding, ...getCauseEdits(file.text, node, place, name)])];
  const [start, end] = node.range;
  return [suggest('assignCause', data, [...binding, insert(start, 'Object.assign('), insert(end, `, { ${writeCause(name)} })`)])];
}

/** try { await rollback(); } catch { … } */
export function suggestGuard(file: SourceFile, masked: MaskedError): Suggestion[] {
  const edit = getGuardEdit(file.text, masked);
  return edit ? [suggest('guardCleanup', { caught: masked.caughtName! }, [edit])] : [];
}

/** { name: error.name, message: error.message, stack: error.stack, cause: error.cause } */
export function suggestCopy(file: SourceFile, { node, errorText }: PartialCopy): Suggestion[] {
  return [suggest('copyCause', {}, addProperty(file.text, node, `cause: ${errorText}.cause`))];
}

/** throw new Error(`failed: ${error}`, { cause: error }) */
export function suggestError(file: SourceFile, { node, caught }: ThrownText): Suggestion[] {
  const name = findCaughtName(file, node, caught);
  if (name === undefined) return [];
  const [start, end] = node.range;
  return [suggest('throwError', { caught: name }, [insert(start, 'new Error('), insert(end, `, { ${writeCause(name)} })`)])];
}

function suggest(messageId: MessageId, data: Record<string, string>, edits: readonly TextEdit[]): Suggestion {
  return { messageId, data, fix: (fixer) => edits.map(({ start, end, text }) => fixer.replaceTextRange([start, end], text)) };
}

function insert(position: number, text: string): TextEdit {
  return { start: position, end: position, text };
}

function writeCause(name: string): string {
  return name === 'cause' ? name : `cause: ${name}`;
}
