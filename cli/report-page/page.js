const report = JSON.parse(document.getElementById('report').textContent);
const byId = (id) => document.getElementById(id);
/** Findings that are drawn at a time; the next ones come when the end of the list gets near. */
const CHUNK = 80;

const findings = report.findings.map((finding, index) => {
  const file = report.files[finding.file];
  const searched = [file.path, finding.rule, finding.message, file.lines[finding.line] ?? '', ...finding.path.map((step) => step.text)];
  return { ...finding, index, path: finding.path, filePath: file.path, folders: getFolders(file.path), searched: searched.join('\n').toLowerCase() };
});
const FACETS = [
  { key: 'certainty', title: 'Certainty', getValues: (finding) => [finding.certainty ?? 'not said'] },
  { key: 'state', title: 'State', getValues: (finding) => [finding.suppressedBy ? 'suppressed' : 'open'] },
  { key: 'rule', title: 'Rule', getValues: (finding) => [finding.rule] },
  { key: 'folder', title: 'Folder', getValues: (finding) => finding.folders },
];
const initial = { q: '', certainty: '', state: findings.some(({ suppressedBy }) => suppressedBy) ? 'open' : '', rule: '', folder: '' };
let filter = { ...initial, ...readHash() };
let matching = [];
let drawn = 0;
let openList;

function getFolders(path) {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

function readHash() {
  const entries = [...new URLSearchParams(location.hash.slice(1))].filter(([key]) => key in initial);
  return Object.fromEntries(entries);
}

function writeHash() {
  const used = Object.entries(filter).filter(([key, value]) => value !== initial[key]);
  history.replaceState(null, '', used.length > 0 ? `#${new URLSearchParams(used)}` : location.pathname + location.search);
}

/** Whether a finding passes all filters, but the one on `except`. */
function isMatch(finding, words, except) {
  if (!words.every((word) => finding.searched.includes(word))) return false;
  return FACETS.every(({ key, getValues }) => key === except || filter[key] === '' || getValues(finding).includes(filter[key]));
}

function update(change = {}) {
  filter = { ...filter, ...change };
  writeHash();
  const words = filter.q.toLowerCase().split(/\s+/).filter(Boolean);
  matching = findings.filter((finding) => isMatch(finding, words, ''));
  drawFilters(words);
  const isFiltered = matching.length < findings.length;
  byId('shown').textContent = isFiltered ? `${matching.length} of ${findings.length} findings` : `${findings.length} findings`;
  byId('reset').hidden = Object.entries(filter).every(([key, value]) => value === initial[key]);
  byId('list').replaceChildren();
  drawn = 0;
  openList = undefined;
  if (matching.length === 0) {
    byId('list').append(make('p', { class: 'empty' }, findings.length === 0 ? 'Nothing was found.' : 'No finding passes these filters.'));
  }
  drawMore();
}

function drawFilters(words) {
  const focused = document.activeElement?.closest?.('#filters') ? document.activeElement.dataset.key : undefined;
  const sections = FACETS.map((facet) => drawFacet(facet, words)).filter(Boolean);
  byId('filters').replaceChildren(...sections);
  if (focused !== undefined) [...byId('filters').querySelectorAll('button')].find((button) => button.dataset.key === focused)?.focus();
}

function drawFacet({ key, title, getValues }, words) {
  const counts = new Map();
  const isEvery = new Set(findings.flatMap(getValues));
  if (key !== 'folder' && isEvery.size < 2) return undefined;
  for (const finding of findings) {
    if (!isMatch(finding, words, key)) continue;
    for (const value of getValues(finding)) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const names = key === 'folder' ? getShownFolders(isEvery, filter.folder) : [...isEvery].sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0) || (a < b ? -1 : 1));
  if (names.length === 0) return undefined;
  const items = names.map((name) => {
    const isOn = filter[key] === name;
    const button = make('button', { type: 'button', 'aria-pressed': String(isOn), 'data-key': `${key}:${name}` });
    const indent = key === 'folder' ? `${0.5 + 0.7 * (name.split('/').length - 1)}rem` : '';
    if (indent) button.style.paddingLeft = indent;
    button.append(key === 'folder' ? `${name.split('/').pop()}/` : name, make('span', { class: 'count' }, String(counts.get(name) ?? 0)));
    button.addEventListener('click', () => update({ [key]: isOn ? getParent(key, name) : name }));
    return make('li', {}, button);
  });
  return make('section', {}, make('h2', {}, title), make('ul', {}, ...items));
}

/** Taking a folder back leads to the one above it. */
function getParent(key, name) {
  return key === 'folder' ? name.split('/').slice(0, -1).join('/') : '';
}

/** The folders at the top, those that lead to the chosen one, and what is right below each of these; an only child is no choice, so it opens too. */
function getShownFolders(all, chosen) {
  const opened = new Set(['', ...getFolders(`${chosen}/x`)]);
  const shown = [];
  const show = (parent) => {
    const children = [...all].filter((folder) => getParent('folder', folder) === parent).sort();
    for (const child of children) {
      shown.push(child);
      if (opened.has(child) || children.length === 1) show(child);
    }
  };
  show('');
  return shown;
}

function drawMore() {
  const chunk = matching.slice(drawn, drawn + CHUNK);
  for (const finding of chunk) {
    if (openList?.file !== finding.file) openList = { file: finding.file, element: startFile(finding) };
    openList.element.append(drawFinding(finding));
  }
  drawn += chunk.length;
}

function startFile({ filePath }) {
  const list = make('ol');
  byId('list').append(make('section', { class: 'file', 'aria-label': filePath }, make('h2', {}, filePath), list));
  return list;
}

function drawFinding(finding) {
  const id = `finding-${finding.index}`;
  const tags = [
    make('span', { class: 'tag' }, finding.rule),
    make('span', { class: `tag ${finding.severity}` }, finding.severity),
    ...(finding.certainty ? [make('span', { class: 'tag' }, finding.certainty)] : []),
    ...(finding.suppressedBy ? [make('span', { class: 'tag' }, 'suppressed')] : []),
  ];
  const button = make(
    'button',
    { type: 'button', id, 'aria-expanded': 'false', 'aria-controls': `${id}-detail` },
    make('span', { class: 'place' }, `${finding.line}:${finding.column}`),
    make('span', { class: 'message' }, ...withCode(finding.message)),
    make('span', { class: 'tags' }, ...tags),
  );
  const item = make('li', { class: 'finding' }, make('h3', {}, button));
  button.addEventListener('click', () => toggle(item, button, finding));
  return item;
}

function toggle(item, button, finding) {
  const isOpen = button.getAttribute('aria-expanded') === 'true';
  button.setAttribute('aria-expanded', String(!isOpen));
  if (isOpen) {
    item.querySelector('.detail').remove();
    return;
  }
  const detail = drawDetail(finding, report.files[finding.file], report.rules[finding.rule] ?? { description: finding.rule });
  detail.id = `${button.id}-detail`;
  item.append(detail);
}

/** Moves to the next (1) or the previous (-1) finding. */
function move(by) {
  const buttons = [...document.querySelectorAll('.finding > h3 > button')];
  const current = buttons.indexOf(document.activeElement?.closest?.('.finding')?.querySelector('h3 > button'));
  const next = current === -1 ? 0 : current + by;
  if (next >= buttons.length && drawn < matching.length) {
    drawMore();
    move(by);
    return;
  }
  const target = buttons[Math.max(0, Math.min(next, buttons.length - 1))];
  target?.focus();
  target?.scrollIntoView({ block: 'nearest' });
}

function drawProblems() {
  if (report.problems.length === 0) return;
  const items = report.problems.map(({ file, line, message, hint }) => make('li', {}, make('code', {}, line ? `${file}:${line}` : file), ` ${message} ${hint}`));
  byId('problems').append(make('h2', {}, 'Problems'), make('ul', {}, ...items));
  byId('problems').hidden = false;
}

/** Follows the system until the button is used; then the choice is kept, where the browser lets a page keep something. */
function startTheme() {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const store = { get: () => tryStorage(() => localStorage.getItem('watertight-theme')), set: (value) => tryStorage(() => localStorage.setItem('watertight-theme', value)) };
  let chosen = store.get();
  const apply = () => {
    const theme = chosen ?? (system.matches ? 'dark' : 'light');
    document.documentElement.dataset.theme = theme;
    byId('theme').textContent = theme === 'dark' ? 'Light theme' : 'Dark theme';
  };
  byId('theme').addEventListener('click', () => {
    chosen = document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark';
    store.set(chosen);
    apply();
  });
  system.addEventListener('change', apply);
  apply();
}

function tryStorage(use) {
  try {
    return use() ?? undefined;
  } catch {
    return undefined;
  }
}

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const isTyping = document.activeElement === byId('search');
  if (event.key === 'Escape' && isTyping) {
    update({ q: (byId('search').value = '') });
    byId('list').focus();
  } else if (isTyping && event.key === 'ArrowDown') {
    event.preventDefault();
    move(1);
  } else if (!isTyping && event.key === '/') {
    event.preventDefault();
    byId('search').focus();
  } else if (!isTyping && (event.key === 'j' || event.key === 'k')) {
    move(event.key === 'j' ? 1 : -1);
  }
});
byId('search').addEventListener('input', (event) => update({ q: event.target.value }));
byId('reset').addEventListener('click', () => {
  byId('search').value = '';
  update(initial);
});
window.addEventListener('hashchange', () => {
  filter = { ...initial, ...readHash() };
  byId('search').value = filter.q;
  update();
});
new IntersectionObserver((entries) => {
  if (entries.some((entry) => entry.isIntersecting) && drawn < matching.length) drawMore();
}, { rootMargin: '1200px' }).observe(byId('more'));

byId('sums').textContent = report.sums;
byId('search').value = filter.q;
startTheme();
drawProblems();
update();
