// Pairs: medians of the result over two axes, as a table in colours.
function drawPair() {
  const shown = data.pairs?.[by('pairs-which').value || 0];
  by('pairs-figure').hidden = !shown;
  if (!shown) return;
  const table = document.createElement('table');
  const head = table.createTHead();
  const title = head.insertRow();
  heading(title, data.names[shown.rows] ?? shown.rows, {rowSpan: 2});
  heading(title, data.names[shown.columns] ?? shown.columns, {colSpan: shown.columnLabels.length});
  const labels = head.insertRow();
  shown.columnLabels.forEach(label => heading(labels, label, {}));
  const body = table.createTBody();
  shown.rowLabels.forEach((label, row) => {
    const line = body.insertRow();
    heading(line, label, {scope: 'row'});
    shown.columnLabels.forEach((other, column) => pairCell(line, shown.cells[row * shown.columnLabels.length + column]));
  });
  by('pairs').replaceChildren(table);
  by('pairs-note').textContent = 'Medians of ' + titled(data.metric) + ' over ' + count(shown.trials) + ' trials, the smaller number below how many; the stronger the colour, the better, ★ the best cell. '
    + shown.says + ' ' + equallyFar();
}

function heading(line, words, more) {
  const head = document.createElement('th');
  head.scope = 'col';
  head.textContent = words;
  Object.assign(head, more);
  line.append(head);
}

function pairCell(line, cell) {
  const place = line.insertCell();
  if (!cell) return;
  const [median, trials, degree] = cell;
  const value = document.createElement('b');
  value.textContent = (degree === 8 ? '★ ' : '') + tickOf(data.metric)(Number(median.toPrecision(3)));
  const small = document.createElement('small');
  small.textContent = count(trials);
  place.className = 'm' + degree;
  place.append(value, small);
}

function preparePairs() {
  offer(by('pairs-which'), (data.pairs ?? []).map(pair => (data.names[pair.rows] ?? pair.rows) + ' × ' + (data.names[pair.columns] ?? pair.columns)), 0, drawPair);
}
