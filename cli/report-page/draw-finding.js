/** Makes an element; strings among the children become text, so that nothing of a finding is read as markup. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children);
  return element;
}

/** The text with its parts in backticks as code. */
function withCode(text) {
  return text.split(/`([^`]*)`/).map((part, index) => (index % 2 === 1 ? make('code', {}, part) : part));
}

/** What opens below a finding: the rule, and its source with the path drawn from the cause to the exit. */
function drawDetail(finding, file, rule) {
  const steps = finding.path.length > 0 ? finding.path : [{ ...finding, kind: 'note', text: '' }];
  const isInOrder = steps.every((step, index) => index === 0 || steps[index - 1].line <= step.line);
  const title = rule.url ? make('a', { href: rule.url, rel: 'noreferrer' }, finding.rule) : finding.rule;
  const parts = [make('p', { class: 'about' }, title, ': ', ...withCode(rule.description), '.')];
  // The source is read downwards; a path that goes back up is told in its own order first.
  if (!isInOrder) {
    const items = steps.map((step) => make('li', {}, `line ${step.line}, ${step.kind}: `, ...withCode(step.text)));
    parts.push(make('ol', { class: 'steps' }, ...items));
  }
  parts.push(drawSource(steps, file.lines));
  return make('div', { class: 'detail' }, ...parts);
}

/** The lines from around the first step to around the last, with each step under its line and a rail that joins them. */
function drawSource(steps, lines) {
  const first = Math.min(...steps.map((step) => step.line));
  const last = Math.max(...steps.map((step) => step.line));
  const numbers = Object.keys(lines)
    .map(Number)
    .filter((line) => line >= first - 2 && line <= last + 2)
    .sort((a, b) => a - b);
  const source = make('div', { class: 'source', tabindex: '0', role: 'group', 'aria-label': `Source, lines ${first} to ${last}` });
  const hasRail = first !== last || steps.length > 1;
  numbers.forEach((line, index) => {
    const skipped = index === 0 ? 0 : line - numbers[index - 1] - 1;
    if (skipped > 0) source.append(drawRow(hasRail && line > first && line <= last ? 'on' : '', '', make('span', { class: 'gap' }, `⋯ ${skipped} more`)));
    const here = steps.map((step, order) => ({ ...step, order: order + 1 })).filter((step) => step.line === line);
    const isInside = hasRail && line >= first && line <= last;
    const ends = `${line === first ? ' first' : ''}${line === last && here.every((step) => step.text === '') ? ' last' : ''}`;
    const dot = here.length > 0 ? ` dot ${here[here.length - 1].kind}` : '';
    source.append(drawRow(isInside ? `on${ends}${dot}` : dot, String(line), make('code', { class: 'code' }, ...markSteps(lines[line], here))));
    here.forEach((step, place) => {
      if (step.text === '') return;
      const isEnd = line === last && place === here.length - 1;
      const text = make('span', { class: `step ${step.kind}` }, `${step.order}. `, make('b', {}, step.kind), ' ', ...withCode(step.text));
      source.append(drawRow(isInside && !isEnd ? 'on' : '', '', text));
    });
  });
  return source;
}

function drawRow(rail, number, content) {
  const row = make('div', { class: 'row' }, make('span', { class: `rail ${rail}` }), make('span', { class: 'number' }, number), content);
  if (content.classList.contains('code')) content.style.whiteSpace = 'pre';
  return row;
}

/** The line with the place of each step marked; of two that overlap the shorter one. */
function markSteps(text, steps) {
  const places = steps
    .map((step) => ({ kind: step.kind, start: step.column - 1, end: step.endLine === step.line ? step.endColumn - 1 : text.length }))
    .sort((a, b) => a.end - a.start - (b.end - b.start));
  const taken = [];
  for (const place of places) if (taken.every((other) => place.end <= other.start || other.end <= place.start)) taken.push(place);
  taken.sort((a, b) => a.start - b.start);
  const parts = [];
  let at = 0;
  for (const { kind, start, end } of taken) {
    parts.push(text.slice(at, start), make('mark', { class: kind }, text.slice(start, end)));
    at = end;
  }
  return [...parts, text.slice(at)];
}
