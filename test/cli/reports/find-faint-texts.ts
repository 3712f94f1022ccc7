/** Runs in the page: texts with less contrast to what is behind them than 4.5 to 1 (WCAG 2.2, 1.4.3). */
export function findFaintTexts(): string[] {
  const read = (color: string) => (/[\d.]+/g.exec(color) ? color.match(/[\d.]+/g)!.map(Number) : [0, 0, 0]);
  const luminance = (color: string) => {
    const [r, g, b] = read(color).slice(0, 3).map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
  };
  const isClear = (color: string) => read(color)[3] === 0;
  const faint: string[] = [];
  for (const element of document.body.querySelectorAll<HTMLElement>('*')) {
    const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent!.trim() !== '');
    if (!hasText || element.offsetParent === null || element.closest('script, noscript, .hidden, .skip')) continue;
    let behind: HTMLElement = element;
    while (isClear(getComputedStyle(behind).backgroundColor) && behind.parentElement) behind = behind.parentElement;
    const [a, b] = [luminance(getComputedStyle(element).color), luminance(getComputedStyle(behind).backgroundColor)];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) faint.push(`${contrast.toFixed(2)} ${element.className} ${element.textContent.slice(0, 40)}`);
  }
  return faint;
}
