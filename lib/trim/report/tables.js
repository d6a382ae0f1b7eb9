// What does not change: numbers, legend and tables.
document.title = `${report.release} ${report.profile}: trim report`;
put('title', html`${report.release} <small>as ${report.profile}</small>`);
put('about', html`for ${[report.platforms.join(', '), report.id].filter(Boolean).join(', ')}`);
put('facts', html`<div><dt>Before<dd>${sizeText(root.bytes)} <small>${filesText(root.files)}</small></div>
  <div><dt>After<dd>${sizeText(root.keptBytes)} <small>${filesText(root.keptFiles)}</small></div>
  <div><dt>Smaller by<dd>${percent(root.bytes - root.keptBytes, root.bytes)} %</div>`);
put('sum', html`${bar(kinds.map(kind => ({ kind, bytes: kind.bytes })))}`);
put('legend', html`${[true, false].map(legendOf)}`);
put('categories', html`${[true, false].map(categoriesOf)}`);
put('clusters', html`${[4, 32, 128].map(clusterRow)}`);
put('releases', html`${reports.map(releaseRow)}`);
document.getElementById('releases').closest('section').hidden = reports.length === 1;

function legendOf(keep) {
  const buttons = kinds.filter(kind => kind.keep === keep).map(kind => html`<button type="button" data-only="${kind.key}">
    ${swatch(kind)}${kind.category} <span class="soft">${sizeText(kind.bytes)}</span></button>`);
  return html`<h3>${keep ? 'Kept' : 'Dropped'}</h3><div>${buttons.length ? buttons : 'nothing'}</div>`;
}

function categoriesOf(keep) {
  const bytes = keep ? root.keptBytes : root.bytes - root.keptBytes;
  const files = keep ? root.keptFiles : root.files - root.keptFiles;
  return html`<tr class="total"><th scope="row">${keep ? 'Kept' : 'Dropped'}<td class="number">${countOf(files)}
    <td class="number">${sizeText(bytes)}<td class="share">${percent(bytes, root.bytes)} %<td></tr>
    ${kinds.filter(kind => kind.keep === keep).map(categoryRow)}`;
}

// The reason is that of the rule that decided most; it opens to all rules.
function categoryRow(kind) {
  const most = Math.max(...kinds.map(({ bytes }) => bytes));
  const rules = kind.sums.map(({ rule, files, bytes }) => html`<li><span class="mono">${rule.location && rule.rule}</span>
    ${[rule.location, filesText(files), sizeText(bytes)].filter(Boolean).join(', ')}: ${rule.reason}</li>`);
  return html`<tr><th scope="row">${swatch(kind)} ${kind.category}<td class="number">${countOf(kind.files)}
    <td class="number">${sizeText(kind.bytes)}<td class="share"><i ${fill(kind, `width:${percent(kind.bytes, most)}%`)}></i>
    <td><details><summary>${kind.sums[0].rule.reason} <span class="soft">${rules.length > 1 ? `(${rules.length} rules)` : ''}</span>
    </summary><ul>${rules}</ul></details></tr>`;
}

function clusterRow(kib) {
  const onDisk = files => files.reduce((sum, file) => sum + Math.ceil(file.bytes / (kib * 1024)), 0) * kib * 1024;
  const files = [...filesOf(root)], before = onDisk(files), after = onDisk(files.filter(file => file.rule.keep));
  const rest = html`<i ${fill({ keep: true, hue: 235 }, `width:${percent(after, before)}%`)}></i>`;
  return html`<tr><th scope="row">${kib} KiB<td class="number">${sizeText(before)}<td class="number">${sizeText(after)}
    <td class="number">${percent(before - after, before)} %
    <td class="rest"><i ${fill({ keep: false, hue: 235 }, '')}>${rest}</i></tr>`;
}

function releaseRow(one, i) {
  const sums = { before: { files: 0, bytes: 0 }, after: { files: 0, bytes: 0 } };
  for (const [, row] of one.directories) {
    for (let at = 0; at < row.length; at += 3) {
      for (const sum of one.rules[row[at + 2]].keep ? [sums.before, sums.after] : [sums.before]) {
        sum.files += 1;
        sum.bytes += row[at + 1];
      }
    }
  }
  const { before, after } = sums, name = html`${one.release} <small>as ${one.profile}</small>`;
  const cells = [countOf(before.files), sizeText(before.bytes), countOf(after.files), sizeText(after.bytes)];
  return html`<tr><th scope="row">${one === report ? name : html`<a href="#of=${i}">${name}</a>`}
    ${[...cells, `${percent(before.bytes - after.bytes, before.bytes)} %`].map(cell => html`<td class="number">${cell}`)}</tr>`;
}
