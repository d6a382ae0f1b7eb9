// The treemap: boxes {node, x, y, w, h, depth, parent, open} in pixels, those of a directory before those in it.
const MIN_AREA = 70;  // of a box of its own; what is smaller is put together
const MAX_PARTS = 1000;  // boxes in one directory
const MAX_BOXES = 1700;  // from which on no directory is opened
const HEAD = 16;  // where the name of an open directory stands

// Squarified treemaps (Bruls, Huizing and van Wijk, 2000): rows along the shorter side, begun anew when one item more
// would make boxes less square. `items` are sorted by size, the largest first, and none is empty.
function squarify(items, { x, y, w, h }) {
  const boxes = [];
  let rest = items.reduce((sum, item) => sum + item.bytes, 0);
  for (let start = 0, end = 0; start < items.length; start = end) {
    const side = Math.min(w, h), scale = (w * h) / rest;
    let bytes = 0, worst = Infinity;
    for (; end < items.length; end += 1) {
      const square = (((bytes + items[end].bytes) * scale) / side) ** 2;
      const ratio = Math.max((items[start].bytes * scale) / square, square / (items[end].bytes * scale));
      if (ratio > worst) break;
      worst = ratio;
      bytes += items[end].bytes;
    }
    const thick = (bytes * scale) / side;
    let along = 0;
    for (const node of items.slice(start, end)) {
      const long = (node.bytes * scale) / thick;
      boxes.push(w < h ? { node, x: x + along, y, w: long, h: thick } : { node, x, y: y + along, w: thick, h: long });
      along += long;
    }
    if (w < h) [y, h] = [y + thick, h - thick];
    else [x, w] = [x + thick, w - thick];
    rest -= bytes;
  }
  return boxes;
}

// What is drawn of a directory on so many pixels: small files together by kind, and small directories together.
function partsOf(node, pixels) {
  const parts = [], small = new Map();
  for (let child of node.children.sort((a, b) => b.bytes - a.bytes)) {
    while (child.children?.length === 1 && child.children[0].children) child = child.children[0];
    if (child.bytes * pixels >= MIN_AREA * node.bytes && parts.length < MAX_PARTS) parts.push(child);
    else if (small.has(child.rule?.kind)) small.get(child.rule?.kind).push(child);
    else if (child.bytes) small.set(child.rule?.kind, [child]);
  }
  for (const members of small.values()) parts.push(members.length === 1 ? members[0] : newGroup(node, members));
  return parts.sort((a, b) => b.bytes - a.bytes);
}

function newGroup(parent, members) {
  const name = `${members.length} ${members[0].rule ? 'files' : 'directories'}`;
  const group = { ...newNode(name, parent.path, parent), isGroup: true, children: members };
  for (const sum of ['bytes', 'files', 'keptBytes', 'keptFiles'])
    for (const member of members) group[sum] += member[sum];
  return group;
}

function layOut(top, w, h) {
  const boxes = [{ node: top, x: 0, y: 0, w, h, depth: 0, open: true }];
  for (const box of boxes) {  // which grows meanwhile, level by level
    const least = box.depth === 1 ? 36 : 56;
    box.open ??= box.node.children && !box.node.isGroup && Math.min(box.w, box.h) > least && boxes.length < MAX_BOXES;
    if (!box.open || !box.node.bytes) continue;
    const pad = box.depth === 1 ? 3 : 1;
    const inner = { x: box.x + pad, y: box.y + HEAD, w: box.w - 2 * pad - 1, h: box.h - HEAD - pad - 1 };
    for (const part of squarify(partsOf(box.node, box.w * box.h), box.depth ? inner : box))
      boxes.push({ ...part, depth: box.depth + 1, parent: box });
  }
  return boxes.slice(1);
}

// The nearest box in that direction in the same directory; at its edge, the one beside the directory.
function beside(boxes, box, dx, dy) {
  const edges = ({ x, y, w, h }) => (dx ? [x, x + w, y, y + h] : [y, y + h, x, x + w]);
  const [near, far, low, high] = edges(box);
  let best = null, least = Infinity;
  for (const other of boxes) {
    if (other.parent !== box.parent || other === box) continue;
    const [otherNear, otherFar, otherLow, otherHigh] = edges(other);
    const ahead = dx + dy > 0 ? otherNear - far : near - otherFar;
    const aside = Math.max(otherLow - high, low - otherHigh, 0);
    const cost = ahead + 3 * aside + Math.abs(otherLow + otherHigh - low - high) / 1000;
    if (ahead > -1 && cost < least) [best, least] = [other, cost];
  }
  return best ?? (box.depth > 1 ? beside(boxes, box.parent, dx, dy) : null);
}
