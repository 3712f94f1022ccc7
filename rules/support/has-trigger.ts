/** What was asked of the text that was asked about last: the rules of one run ask about the same text, and share words. */
let known: { readonly text: string; readonly words: Map<string, boolean> } | undefined;

/** Whether any of the words stands in the text. A rule whose words do not returns `{}` and costs nothing. */
export function hasTrigger(text: string, words: readonly string[]): boolean {
  if (known?.text !== text) known = { text, words: new Map() };
  const answers = known.words;
  return words.some((word) => {
    let isThere = answers.get(word);
    if (isThere === undefined) answers.set(word, (isThere = text.includes(word)));
    return isThere;
  });
}
