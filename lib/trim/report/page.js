// The page: what is shown follows from the state, which is the part of its address after "#".
const [chart, search, hits] = ['chart', 'search', 'hits'].map(id => document.getElementById(id));
const state = { of: '', path: '', q: '', only: '' };
let view = { top: root, chosen: null, boxes: [] };

// Text. What is put into html`…` is escaped, but for what html`…` made itself and lists of that.
class Html extends String {}
const escaped = value => (value instanceof Html ? value : String(value).replace(/[&<>"']/g, c => `&#${c.charCodeAt()};`));
const joined = value => [value].flat().map(escaped).join('');
const html = (texts, ...values) => new Html(String.raw({ raw: texts }, ...values.map(joined)));
const put = (id, content) => { document.getElementById(id).innerHTML = content; };

const word = keep => (keep ? 'kept' : 'dropped');
const countOf = n => n.toLocaleString('en-US');
const filesText = n => `${countOf(n)} ${n === 1 ? 'file' : 'files'}`;
const percent = (part, whole) => (whole ? (100 * part) / whole : 0).toFixed(1);

function sizeText(bytes) {
  if (bytes < 1e3) return `${bytes} B`;
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}

// Attributes that colour an element as a kind, or as the largest kinds of a node in proportion.
const fill = ({ keep, hue }, more) => html`data-fill="${keep ? 'keep' : 'drop'}" style="--hue:${hue};${more}"`;
const swatch = kind => html`<i class="swatch" ${fill(kind, '')}></i>`;
const bar = parts => parts.map(({ kind, bytes }) => html`<i ${fill(kind, `flex:${bytes}`)}></i>`);

function fillOf(node, more) {
  const sums = tally(node);
  const kept = sums.find(sum => sum.rule.keep)?.rule.kind, dropped = sums.find(sum => !sum.rule.keep)?.rule.kind;
  if (!kept || !dropped) return fill(kept ?? dropped, more);
  const share = `--kept:${percent(node.keptBytes, node.bytes)}%;--kept-hue:${kept.hue}`;
  return html`data-fill="both" style="--hue:${dropped.hue};${share};${more}"`;
}

function readState() {
  const given = new URLSearchParams(location.hash.slice(1));
  for (const key of Object.keys(state)) state[key] = given.get(key) ?? '';
  if (search.value !== state.q) search.value = state.q;
}

function setState(changes, replace = false) {
  const entries = Object.entries({ ...state, ...changes }).filter(([, value]) => value);
  const hash = entries.map(([key, value]) => `${key}=${encodeURIComponent(value).replaceAll('%2F', '/')}`).join('&');
  history[replace ? 'replaceState' : 'pushState'](null, '', `#${hash}`);
  show();
}

function show(resized = false) {
  if (reportAt(location.hash) !== report) location.reload();
  readState();
  let path = state.path;
  while (!byPath.has(path)) path = parentPath(path);
  const node = byPath.get(path), top = node.rule ? node.parent : node, before = view;
  view = { ...before, top, chosen: node.rule ? node : null };
  if (resized || top !== before.top) draw(before.top);
  light();
  describe(node);
  if (top === before.top) return;
  animate(before);
  put('status', html`${top.path || report.release}: ${sizeText(top.bytes)} in ${filesText(top.files)}`);
}

function draw(before) {
  const hadFocus = chart.contains(document.activeElement);
  view.boxes = layOut(view.top, chart.clientWidth, chart.clientHeight);
  chart.innerHTML = view.boxes.map(cellOf).join('') || '<p class="empty">Nothing here takes any space.</p>';
  view.boxes.forEach((box, i) => { box.element = chart.children[i]; });
  const first = view.boxes.find(box => before !== view.top && holds(box.node, before)) ?? view.boxes[0];
  if (first) first.element.tabIndex = 0;
  if (hadFocus) focusBox(first);
  const names = view.top.path.split('/').filter(Boolean);
  const pathTo = i => names.slice(0, i + 1).join('/');
  const crumbs = names.map((name, i) => html`<span>/</span><a href="#" data-path="${pathTo(i)}">${name}</a>`);
  put('crumbs', html`<a href="#" data-path="">${report.release}</a>${crumbs}`);
  document.querySelector('#crumbs a:last-child').setAttribute('aria-current', 'page');
}

function cellOf(box, i) {
  const { node, x, y, w, h, depth, open } = box, above = box.parent.node.path;
  const name = node.isGroup ? node.name : node.path.slice(above && above.length + 1);
  const size = w > 90 && (open || h > 36) ? (open ? '  ' : '\n') + sizeText(node.bytes) : '';
  const text = w > 30 && h > 15 ? name + size : '';
  const look = `${depth === 1 ? 'top' : ''} ${open ? 'open' : ''} ${text && 'named'} ${!open && w > 150 && h > 80 ? 'wide' : ''}`;
  const place = `left:${x}px;top:${y}px;width:${w}px;height:${h}px`;
  return html`<div class="cell ${look}" role="treeitem" aria-level="${depth}" aria-label="${label(node)}" tabindex="-1"
    data-box="${i}" ${open ? html`aria-expanded="true" style="${place}"` : fillOf(node, place)}
    >${text}</div>`;
}

function label(node) {
  const name = node.isGroup ? `${node.name} in ${node.path || report.release}` : node.path;
  if (node.rule) return `${name}, ${sizeText(node.bytes)}, ${node.rule.kind.key}`;
  return `${name}, ${sizeText(node.bytes)} in ${filesText(node.files)}, ${percent(node.keptBytes, node.bytes)} % kept`;
}

// Whether `inner` is `node`, or in it.
function holds(node, inner) {
  if (node.isGroup) return node.children.some(child => holds(child, inner));
  return node === inner || (!node.rule && inner.path.startsWith(node.path && `${node.path}/`));
}

// What search and legend choose stays in full light, with the directories around it.
function light() {
  const lit = new Map(), text = state.q.toLowerCase(), all = !text && !state.only;
  for (const file of all ? [] : filesOf(root)) {
    if (!file.path.toLowerCase().includes(text) || (state.only && file.rule.kind.key !== state.only)) continue;
    for (let node = file; node; node = node.parent) lit.set(node, (lit.get(node) ?? 0) + 1);
  }
  for (const { node, element, open } of view.boxes) {
    element.classList.toggle('dim', !all && !(node.isGroup ? node.children : [node]).some(part => lit.has(part)));
    element.classList.toggle('chosen', !open && view.chosen !== null && holds(node, view.chosen));
  }
  for (const button of document.querySelectorAll('#legend button'))
    button.setAttribute('aria-pressed', button.dataset.only === state.only);
  const found = `${filesText(lit.get(root) ?? 0)} found, ${countOf(lit.get(view.top) ?? 0)} of them here`;
  put('lit', all ? '' : html`${found} <button type="button">show all</button>`);
}

// The new picture grows out of the box that it was, or shrinks into the one that it is now.
function animate(before) {
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  const into = before.boxes.find(box => box.node === view.top), out = view.boxes.find(box => box.node === before.top);
  const { clientWidth: width, clientHeight: height } = chart;
  let transform = 'none';
  if (into) transform = `translate(${into.x}px, ${into.y}px) scale(${into.w / width}, ${into.h / height})`;
  else if (out) transform = `scale(${width / out.w}, ${height / out.h}) translate(${-out.x}px, ${-out.y}px)`;
  chart.animate([{ transform, opacity: 0.4 }, { transform: 'none', opacity: 1 }], { duration: 220, easing: 'ease-out' });
}

// Words about a node, beside the chart.
function describe(node) {
  const name = node.isGroup ? `${node.path || report.release}: ${node.name}` : node.path || report.release;
  const sums = tally(node), share = `${percent(node.bytes, root.bytes)} % of the release`;
  const parts = [...sums].sort((a, b) => b.rule.keep - a.rule.keep).map(({ rule, bytes }) => ({ kind: rule.kind, bytes }));
  put('detail', html`<h2>${name}</h2>
    <p class="soft">${sizeText(node.bytes)}${node.rule ? '' : ` in ${filesText(node.files)}`}, ${share}</p>
    ${node.rule ? '' : html`<div class="sum bar">${bar(parts)}</div>
      <p class="soft">${sizeText(node.keptBytes)} kept in ${filesText(node.keptFiles)}</p>`}
    ${sums.slice(0, 6).map(sum => ruleCard(sum, !node.rule))}
    ${sums.length > 6 ? html`<p class="rule soft">and ${sums.length - 6} more rules</p>` : ''}`);
}

function ruleCard({ rule, bytes, files }, withSum) {
  const fact = (name, text) => text && html`<dt>${name}<dd class="mono">${text}`;
  return html`<div class="rule"><p>${swatch(rule.kind)}<b>${rule.kind.key}</b>
    ${withSum ? html`<span class="soft">${sizeText(bytes)}, ${countOf(files)}</span>` : ''}</p><p>${rule.reason}</p>
    <dl>${fact('Rule', rule.location && rule.rule)}${fact('At', rule.location)}
    ${fact(rule.keep ? 'For' : 'Only for', rule.capability)}</dl></div>`;
}

// Pointer and keyboard on the chart.
function focusBox(box) {
  if (!box) return;
  chart.querySelector('[tabindex="0"]')?.setAttribute('tabindex', -1);
  box.element.tabIndex = 0;
  box.element.focus({ preventScroll: true });
}

// A directory opens; of anything else the directory it is in, and then a file is chosen.
function enter({ node }) {
  const target = node.isGroup ? node.parent : node, directory = target.rule ? target.parent : target;
  setState({ path: directory === view.top ? target.path : directory.path });
}

function leave() {
  let up = view.chosen ? view.chosen : view.top;
  do up = up.parent ?? up;
  while (up.parent && up.children.length === 1);  // directories that have no box of their own
  setState({ path: up.path });
}

const KEYS = {
  ArrowLeft: box => focusBox(beside(view.boxes, box, -1, 0)),
  ArrowRight: box => focusBox(beside(view.boxes, box, 1, 0)),
  ArrowUp: box => focusBox(beside(view.boxes, box, 0, -1)),
  ArrowDown: box => focusBox(beside(view.boxes, box, 0, 1)),
  PageDown: box => focusBox(view.boxes.find(inner => inner.parent === box)),
  PageUp: box => focusBox(view.boxes.find(outer => outer === box.parent)),
  Enter: enter,
  ' ': enter,
  Escape: leave,
  Backspace: leave,
};

const boxAt = event => view.boxes[event.target.dataset?.box];
document.addEventListener('keydown', event => {
  const box = boxAt(event) ?? view.boxes[0], inChart = chart.contains(event.target);
  if (event.target === search || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === '/') search.select();
  else if (KEYS[event.key] && (inChart || KEYS[event.key] === leave)) KEYS[event.key](box);
  else return;
  event.preventDefault();
});
chart.addEventListener('click', event => boxAt(event) && enter(boxAt(event)));
chart.addEventListener('pointerover', event => boxAt(event) && describe(boxAt(event).node));
chart.addEventListener('focusin', event => describe(boxAt(event).node));
chart.addEventListener('pointerleave', () => describe(view.chosen ?? view.top));
document.getElementById('crumbs').addEventListener('click', event => {
  if (event.target.dataset.path === undefined) return;
  event.preventDefault();
  setState({ path: event.target.dataset.path });
});
document.getElementById('legend').addEventListener('click', event => {
  const only = event.target.closest('button')?.dataset.only;
  if (only) setState({ only: only === state.only ? '' : only });
});
document.getElementById('lit').addEventListener('click', event => {
  if (event.target.matches('button')) setState({ q: '', only: '' });
});
addEventListener('hashchange', () => show());
new ResizeObserver(() => show(true)).observe(chart);
