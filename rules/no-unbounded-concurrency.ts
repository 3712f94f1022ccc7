import { type SourceFile, type TSESTree, type UnboundedStart, findUnboundedStarts, getSequentialEdit, shorten } from 'watertight-analysis';
import type { SuggestionReportDescriptor } from '@typescript-eslint/utils/ts-eslint';
import { createRule } from './support/create-rule.js';
import { getFile } from './support/get-file.js';
import { reportFinding } from './support/report-finding.js';
import { selectWanted } from './support/select-wanted.js';

type MessageId = 'allAtOnce' | 'nobodyWaits' | 'oneByOne';

export default createRule<MessageId>({
  name: 'no-unbounded-concurrency',
  triggers: ['.map(', '.flatMap(', '.forEach(', '.push(', 'Array.from(', 'for (', 'for(', 'while', '.map<', '.flatMap<'],
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow starting I/O for every element of a list at once where nothing bounds the length of the list',
      preset: 'strict',
      phase: 4,
    },
    hasSuggestions: true,
    messages: {
      allAtOnce: '`{{ io }}` is started for every element of {{ list }} at once, and nothing bounds how many there are. Run a limited number at a time.',
      nobodyWaits:
        '`{{ io }}` is started for every element of {{ list }} without waiting, and nothing bounds how many there are. Run a limited number at a time, and wait for them.',
      oneByOne: 'Work on one element after the other.',
    },
  },
  create(context, { includePotential }) {
    return {
      'Program:exit'() {
        const file = getFile(context);
        for (const start of selectWanted(findUnboundedStarts(file), includePotential)) {
          const messageId = start.combinator ? 'allAtOnce' : 'nobodyWaits';
          const data = { io: start.io.name, list: describeList(file, start) };
          reportFinding(context, { ...start, facts: start }, { messageId, data, loc: getHead(start), suggest: suggestSequence(file, start) });
        }
      },
    };
  },
});

/** `Promise.all(items.map`, `items.forEach`, `promises.push`: from what waits to what starts, without the work itself. */
function getHead({ node, combinator, holder }: UnboundedStart): TSESTree.SourceLocation {
  return { start: (combinator && !holder ? combinator : node).loc.start, end: node.callee.loc.end };
}

function describeList(file: SourceFile, { list }: UnboundedStart): string {
  if (!list) return 'the loop';
  return `\`${shorten(file.getText(list), 40)}\``;
}

/** for (const item of items) { … } */
function suggestSequence(file: SourceFile, start: UnboundedStart): SuggestionReportDescriptor<MessageId>[] {
  const edit = getSequentialEdit(file, start);
  return edit ? [{ messageId: 'oneByOne', fix: (fixer) => fixer.replaceTextRange([edit.start, edit.end], edit.text) }] : [];
}
