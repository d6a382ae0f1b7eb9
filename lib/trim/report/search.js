// Search: the first paths that hold the text, those before others that have it in their name.
const MAX_HITS = 12;
let found = [], active = -1;  // what is listed, and which of them Enter takes

function showHits() {
  const text = search.value.toLowerCase();
  const all = [...byPath.values()].filter(node => text && node.parent && node.path.toLowerCase().includes(text));
  const rank = name => 2 * !name.includes(text) + (name !== text);
  const ranked = all.map(node => ({ node, rank: rank(node.name.toLowerCase()) })).sort((a, b) => a.rank - b.rank);
  found = ranked.slice(0, MAX_HITS).map(({ node }) => node);
  const more = all.length ? `and ${countOf(all.length - found.length)} more` : 'No path holds this text.';
  put('hits', html`${found.map((node, i) => hitOf(node, text, i))}
    ${all.length === found.length && all.length ? '' : html`<li class="note">${more}</li>`}`);
  setOpen(Boolean(text));
  setActive(0);
}

function hitOf(node, text, i) {
  const start = node.path.toLowerCase().indexOf(text), end = start + text.length;
  const path = html`${node.path.slice(0, start)}<mark>${node.path.slice(start, end)}</mark>${node.path.slice(end)}`;
  const { rule } = node, by = rule?.location ? html`${rule.location} <span class="mono">${rule.rule}</span>` : rule?.reason;
  const sums = `${filesText(node.files)}, ${sizeText(node.keptBytes)} kept`;
  return html`<li role="option" id="hit-${i}"><span class="mono">${path}</span><span>${sizeText(node.bytes)}</span>
    <p>${rule ? html`${swatch(rule.kind)} ${rule.kind.key}, ${by}` : sums}</p></li>`;
}

function setOpen(open) {
  hits.hidden = !open;
  search.setAttribute('aria-expanded', open);
}

function setActive(index) {
  active = index;
  const options = hits.querySelectorAll('[role="option"]');
  options.forEach((option, i) => option.setAttribute('aria-selected', i === active));
  options[active]?.scrollIntoView({ block: 'nearest' });
  search.setAttribute('aria-activedescendant', options[active]?.id ?? '');
}

function take(node) {
  setOpen(false);
  setState({ path: node.path });
}

search.addEventListener('input', () => { showHits(); setState({ q: search.value }, true); });
search.addEventListener('focus', () => search.value && showHits());
search.addEventListener('blur', () => setOpen(false));
search.addEventListener('keydown', event => {
  const step = { ArrowDown: 1, ArrowUp: found.length - 1 }[event.key];
  if (step !== undefined && found.length) setActive((active + step) % found.length);
  else if (event.key === 'Enter' && !hits.hidden && found.length) take(found[active]);
  else if (event.key === 'Escape' && !hits.hidden) setOpen(false);
  else return;
  event.preventDefault();
});
hits.addEventListener('pointerdown', event => {
  event.preventDefault();  // the input keeps the focus
  const option = event.target.closest('[role="option"]');
  if (option) take(found[option.id.slice('hit-'.length)]);
});
