import { type Leak, extendKind, findAbandonedSources, findLeaks, findUnguardedPipes, getPipeRepair, getUnclosedResourceRepair, getUserKinds, readSettings, resourceKinds } from 'watertight-analysis';
import { createRule } from './support/create-rule.js';
import { describeExit } from './support/describe-exit.js';
import { getCalleeText } from './support/get-callee-text.js';
import { getFile } from './support/get-file.js';
import { reportFinding } from './support/report-finding.js';
import { selectWanted } from './support/select-wanted.js';
import { LOCAL, suggestRepair } from './support/suggest-repair.js';

type MessageId = 'unreleasedOnPath' | 'droppedResource' | 'unguardedPipe' | 'abandonedSource' | 'releaseIt' | 'usePipeline';

const builtIn = new Set(resourceKinds.map((kind) => kind.id).concat('response-body', 'temp-file'));

export default createRule<MessageId>({
  name: 'no-unclosed-resource',
  triggers: ['.pipe('],
  kinds: resourceKinds,
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow leaving a handle, connection, lock or other resource unreleased on some path',
      preset: 'recommended',
      phase: 1,
    },
    hasSuggestions: true,
    messages: {
      unreleasedOnPath: 'The {{ label }} {{ holder }} is not released when {{ exit }}. Release it there, or in a `finally`.',
      unguardedPipe:
        'When the target of this `pipe` fails or is closed, `{{ source }}` stays open{{ harm }}. Use `pipeline` of `node:stream/promises`.',
      abandonedSource: '`{{ source }}` stays open when the client leaves before `{{ response }}` has all of it, since `pipe` does not close its source. Use `pipeline` of `node:stream`.',
      droppedResource: 'The {{ label }} of `{{ call }}` is dropped without being released. Keep it and release it.',
      releaseIt: 'Release it on the way out that loses it.',
      usePipeline: 'Use `pipeline`, which ends both streams.',
    },
  },
  create(context, { includePotential }) {
    return {
      'Program:exit'() {
        const file = getFile(context);
        const { settings } = readSettings(file.settings);
        const kinds = [...resourceKinds.map((kind) => extendKind(kind, settings)), ...getUserKinds(settings, builtIn)];
        for (const leak of selectWanted(kinds.flatMap((kind) => findLeaks(file, kind)), includePotential)) {
          const call = getCalleeText(leak.site, file);
          const isDropped = leak.exit?.kind === 'discard';
          reportFinding(context, { ...leak, facts: { leak, file } }, {
            node: leak.node as never,
            messageId: isDropped ? 'droppedResource' : 'unreleasedOnPath',
            data: isDropped ? { label: leak.kind.label, call } : describe(leak, call),
            suggest: suggestRepair(getUnclosedResourceRepair(leak, file, LOCAL), file, 'releaseIt'),
          });
        }
        for (const pipe of selectWanted([...findUnguardedPipes(file), ...findAbandonedSources(file)], includePotential)) {
          const { source, response } = pipe;
          const messageId = response === undefined ? 'unguardedPipe' : 'abandonedSource';
          const data: Record<string, string> = response === undefined ? { source, harm: pipe.isSettled ? '' : ' and the promise never settles' } : { source, response };
          reportFinding(context, { ...pipe, facts: { pipe, file } }, {
            node: pipe.node as never,
            messageId,
            data,
            suggest: suggestRepair(getPipeRepair(pipe, file), file, 'usePipeline'),
          });
        }
      },
    };
  },
});

function describe(leak: Leak, call: string): Record<string, string> {
  const { holder, kind } = leak;
  return { label: kind.label, holder: holder === undefined ? `of \`${call}\`` : `in \`${holder}\``, exit: describeExit(leak) };
}
