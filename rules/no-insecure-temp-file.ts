import { type InsecureReason, findInsecureTempFiles, getInsecureTempFileRepair } from 'watertight-analysis';
import { createRule } from './support/create-rule.js';
import { getFile } from './support/get-file.js';
import { reportFinding } from './support/report-finding.js';
import { selectWanted } from './support/select-wanted.js';
import { LOCAL, suggestRepair } from './support/suggest-repair.js';

type MessageId = 'predictableName' | 'worldWritable' | 'secretReadable' | 'checkThenCreate' | 'publishedEarly' | 'closeMode' | 'makeExclusive' | 'publishLater';

const SUGGESTED = {
  predictableName: 'makeExclusive', checkThenCreate: 'makeExclusive', worldWritable: 'closeMode', secretReadable: 'closeMode', publishedEarly: 'publishLater',
} as const satisfies Record<InsecureReason, MessageId>;

export default createRule<MessageId>({
  name: 'no-insecure-temp-file',
  triggers: ['tmp', 'TMP', 'TEMP', 'process.env'],
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow temporary files that other users can foresee, read or replace',
      preset: 'recommended',
      phase: 2,
    },
    hasSuggestions: true,
    messages: {
      predictableName:
        'This name in the shared temporary folder can be foreseen, so another user can put a link or a file there first. Make a folder with `mkdtemp`, or open the file with the flag `wx`.',
      worldWritable: 'Every user of the machine may change this temporary file. Use mode `0o600`.',
      secretReadable: 'This temporary file holds a secret and every user of the machine may read it. Write it with mode `0o600`.',
      checkThenCreate: 'Another user can create this file between the check and the write. Open it with the flag `wx`, which fails when it is there.',
      publishedEarly: '`{{ place }}` names the file before its content is written on line {{ line }}. Set it after the file is written and closed.',
      closeMode: 'Write it with mode `0o600`.',
      makeExclusive: 'Open it with the flag `wx`, which fails where it is there.',
      publishLater: 'Set it after the file is written.',
    },
  },
  create(context, { includePotential }) {
    return {
      'Program:exit'() {
        const file = getFile(context);
        for (const insecure of selectWanted(findInsecureTempFiles(file), includePotential)) {
          const data = { place: insecure.place ?? '', line: String(insecure.write.loc.start.line) };
          reportFinding(context, { ...insecure, facts: { insecure, file } }, {
            node: insecure.node as never,
            messageId: insecure.reason,
            data,
            suggest: suggestRepair(getInsecureTempFileRepair(insecure, file, LOCAL), file, SUGGESTED[insecure.reason]),
          });
        }
      },
    };
  },
});
