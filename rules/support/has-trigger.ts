/** Whether any of the words stands in the text. A rule whose words do not returns `{}` and costs nothing. */
export function hasTrigger(text: string, words: readonly string[]): boolean {
  return words.some((word) => text.includes(word));
}
