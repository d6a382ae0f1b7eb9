'use strict';
// The release as a tree: of directories {name, path, parent, children} and files {name, path, parent, rule}, each with
// its bytes and files, and how much of them is kept. The data is what render_report() puts into the page: a report for
// each release. Which one is shown stands in the address.
const reports = JSON.parse(document.getElementById('report').textContent);
const reportAt = hash => reports[Number(new URLSearchParams(hash.slice(1)).get('of'))] ?? reports[0];
const report = reportAt(location.hash);
const byPath = new Map();
const root = buildTree();
const kinds = buildKinds();  // each category of what is kept, and of what is dropped

function newNode(name, path, parent) {
  return { name, path, parent, bytes: 0, files: 0, keptBytes: 0, keptFiles: 0 };
}

function parentPath(path) {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function directoryAt(path) {
  if (byPath.has(path)) return byPath.get(path);
  const parent = path ? directoryAt(parentPath(path)) : null;
  const node = { ...newNode(path.slice(path.lastIndexOf('/') + 1), path, parent), children: [] };
  parent?.children.push(node);
  byPath.set(path, node);
  return node;
}

function buildTree() {
  for (const [path, row] of report.directories) {
    const parent = directoryAt(path);
    for (let i = 0; i < row.length; i += 3) {
      const [name, bytes, rule] = [row[i], row[i + 1], report.rules[row[i + 2]]];
      const file = { ...newNode(name, path ? `${path}/${name}` : name, parent), rule };
      parent.children.push(file);
      byPath.set(file.path, file);
      for (let node = file; node; node = node.parent) {
        node.bytes += bytes;
        node.files += 1;
        node.keptBytes += rule.keep ? bytes : 0;
        node.keptFiles += rule.keep ? 1 : 0;
      }
    }
  }
  return directoryAt('');
}

function* filesOf(node) {
  if (node.rule) yield node;
  else for (const child of node.children) yield* filesOf(child);
}

// What each rule decided in a directory: [{rule, bytes, files}], the largest first.
function tally(node) {
  const sums = new Map();
  for (const file of filesOf(node)) {
    const sum = sums.get(file.rule) ?? { rule: file.rule, bytes: 0, files: 0 };
    sum.bytes += file.bytes;
    sum.files += 1;
    sums.set(file.rule, sum);
  }
  return [...sums.values()].sort((a, b) => b.bytes - a.bytes || b.files - a.files);
}

// Kept before dropped, the largest first. A category has one hue for both. Each rule comes to know its kind.
function buildKinds() {
  const found = new Map();
  for (const sum of tally(root)) {
    const { keep, category } = sum.rule, key = `${keep ? 'kept' : 'dropped'}: ${category}`;
    const kind = found.get(key) ?? { key, keep, category, bytes: 0, files: 0, sums: [] };
    kind.bytes += sum.bytes;
    kind.files += sum.files;
    kind.sums.push(sum);
    sum.rule.kind = kind;
    found.set(key, kind);
  }
  const sorted = [...found.values()].sort((a, b) => b.keep - a.keep || b.bytes - a.bytes);
  const hues = [235, 150, 55, 320, 190, 22, 285, 112, 350, 82, 262, 170, 38, 212, 5, 130];
  const names = [...new Set(sorted.map(kind => kind.category))];
  for (const kind of sorted) kind.hue = hues[names.indexOf(kind.category) % hues.length];
  return sorted;
}
