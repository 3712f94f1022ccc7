import {
  type LostCause,
  type MaskedError,
  type SourceFile,
  type TSESTree,
  findLostCauses,
  findMaskedErrors,
  findPartialCopies,
  findThrownTexts,
} from 'watertight-analysis';
import { createRule } from './support/create-rule.js';
import { getFile } from './support/get-file.js';
import { reportFinding } from './support/report-finding.js';
import { selectWanted } from './support/select-wanted.js';
import { suggestCause, suggestCopy, suggestError, suggestGuard } from './support/suggest-error-cause.js';

interface Options {
  checkPlainErrors: boolean;
}
type MessageId =
  | 'lost'
  | 'textOnly'
  | 'unbound'
  | 'textThrown'
  | 'masked'
  | 'maskedByFinally'
  | 'partialCopy'
  | 'addCause'
  | 'assignCause'
  | 'guardCleanup'
  | 'copyCause'
  | 'throwError';

export default createRule<MessageId, Options>({
  name: 'require-error-cause',
  triggers: ['catch', 'finally', 'rror', 'xception'],
  meta: {
    type: 'problem',
    docs: {
      description: 'Require an error that takes the place of another one to carry it as its cause',
      preset: 'recommended',
      phase: 3,
    },
    hasSuggestions: true,
    messages: {
      lost: '`{{ error }}` replaces `{{ caught }}` and carries nothing of it. Pass `{{ caught }}` on as its cause.',
      textOnly:
        '`{{ error }}` replaces `{{ caught }}` and keeps only its text: stack, code and causes are lost. Pass `{{ caught }}` on as its cause.',
      unbound: '`{{ error }}` replaces what was caught and carries nothing of it. Bind what is caught and pass it on as its cause.',
      textThrown: 'Only the text of `{{ caught }}` goes on in its place. Throw an error that has `{{ caught }}` as its cause.',
      masked: 'When `{{ call }}` fails, its error hides `{{ caught }}`, which line {{ line }} would throw. Catch its failure.',
      maskedByFinally:
        'This `throw` in `finally` hides the error that is on its way out of `try`. Throw only where no error is on its way.',
      partialCopy: 'This copy of `{{ caught }}` leaves out its cause and its own fields. Add `cause`, or spread the error.',
      addCause: 'Pass `{{ caught }}` on as the cause.',
      assignCause: 'Set `{{ caught }}` as the cause with `Object.assign`.',
      guardCleanup: 'Catch the failure of the clean-up, so that `{{ caught }}` survives.',
      copyCause: 'Copy the cause, too.',
      throwError: 'Throw an error with `{{ caught }}` as its cause.',
    },
    options: {
      checkPlainErrors: {
        type: 'boolean',
        description:
          "Also report `throw new Error(…)` inside `catch (error)`, which ESLint's own rule `preserve-caught-error` (since 9.35) reports.",
        default: true,
      },
    },
  },
  create(context, { checkPlainErrors, includePotential }) {
    return {
      'Program:exit'() {
        const file = getFile(context);
        for (const lost of selectWanted(findLostCauses(file), includePotential)) {
          if (!checkPlainErrors && isPlain(lost)) continue;
          const head = { start: lost.node.loc.start, end: lost.node.callee.loc.end };
          reportFinding(context, { ...lost, facts: lost }, { ...describeLost(lost), loc: head, suggest: suggestCause(file, lost) });
        }
        for (const text of selectWanted(findThrownTexts(file), includePotential)) {
          const data = { caught: text.caught.name ?? 'the error' };
          reportFinding(context, { ...text, facts: text }, { messageId: 'textThrown', data, node: text.node as never, suggest: suggestError(file, text) });
        }
        for (const masked of selectWanted(findMaskedErrors(file), includePotential)) {
          const loc = masked.kind === 'finally' ? getThrowKeyword(masked.node) : masked.node.loc;
          reportFinding(context, { ...masked, facts: masked }, { ...describeMasked(file, masked), loc, suggest: suggestGuard(file, masked) });
        }
        for (const copy of selectWanted(findPartialCopies(file), includePotential)) {
          const loc = { start: copy.properties[0]!.loc.start, end: copy.properties.at(-1)!.loc.end };
          const data = { caught: copy.errorText };
          reportFinding(context, { ...copy, facts: copy }, { messageId: 'partialCopy', data, loc, suggest: suggestCopy(file, copy) });
        }
      },
    };
  },
});

/** What `preserve-caught-error` reports: a global error class, made and thrown in one statement of a `catch (error)`. */
function isPlain({ node, caught, errorClass, leaving }: LostCause): boolean {
  if (caught.kind !== 'catch' || !caught.parameter || leaving.kind !== 'thrown' || leaving.variable || leaving.value !== node) return false;
  return errorClass?.kind === 'native' && errorClass.name === errorClass.base;
}

function describeLost({ caught, errorName, keepsText }: LostCause): { messageId: MessageId; data: Record<string, string> } {
  if (caught.name === undefined) return { messageId: 'unbound', data: { error: errorName } };
  return { messageId: keepsText ? 'textOnly' : 'lost', data: { error: errorName, caught: caught.name } };
}

function describeMasked(file: SourceFile, { kind, node, caughtName, rethrow }: MaskedError): { messageId: MessageId; data: Record<string, string> } {
  if (kind === 'finally') return { messageId: 'maskedByFinally', data: {} };
  const call = node.type === 'AwaitExpression' ? node.argument : node;
  const callee = 'callee' in call ? file.getText(call.callee).replace(/\s+/g, ' ') : 'the call';
  return { messageId: 'masked', data: { call: `${callee}()`, caught: caughtName!, line: String(rethrow!.loc.start.line) } };
}

function getThrowKeyword({ loc: { start } }: TSESTree.Node): TSESTree.SourceLocation {
  return { start, end: { line: start.line, column: start.column + 'throw'.length } };
}
