/** One example of a rule's page. */
export interface Example {
  readonly line: number;
  readonly language: string;
  readonly isWrong: boolean;
  readonly code: string;
}

const MARK = /^(?:\/\/|\/\*|\{?\/\*)\s*(❌|✅)/u;

/** The code blocks of a page that start with a comment with ❌ or ✅. */
export function readExamples(markdown: string): Example[] {
  const examples: Example[] = [];
  const lines = markdown.split(/\r?\n/);
  for (let index = 0; index < lines.length; index++) {
    const fence = /^(`{3,})(\w+)/.exec(lines[index]!);
    if (!fence) continue;
    const start = index + 1;
    do index++;
    while (index < lines.length && lines[index] !== fence[1]);
    const code = lines.slice(start, index);
    const mark = MARK.exec(code[0] ?? '')?.[1];
    if (mark !== undefined) examples.push({ line: start + 1, language: fence[2]!, isWrong: mark === '❌', code: `${code.join('\n')}\n` });
  }
  return examples;
}
