// Tables: the one of trials, which is made here, and those of the page, which are made to sort and to be searched.
const SHOWN = 100;
/** So many are printed without being asked for. */
const PRINTED = 200;
/** So many columns beside the first go on paper. */
const PAPER = 9;
const SECONDS = FIXED.indexOf('seconds');
/** Shorter tables are seen at a glance. */
const SEARCHED = 12;

/** Makes a heading a button. */
function onChoice(head, choice) {
  head.tabIndex = 0;
  head.addEventListener('click', choice);
  head.addEventListener('keydown', event => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    choice();
  });
}

function markOrder(heads, at, ascending) {
  heads.forEach((head, i) => {
    if (i === at) head.setAttribute('aria-sort', ascending ? 'ascending' : 'descending');
    else head.removeAttribute('aria-sort');
  });
}

/** What is missing comes last in either order. */
function inOrder(a, b, ascending) {
  const missing = [a, b].map(value => value == null || value === '');
  if (missing[0] || missing[1]) return missing[0] - missing[1];
  const order = typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), 'en', {numeric: true});
  return ascending ? order : -order;
}

// ---- all trials
let sorted = ranked.length === 0 ? 'trial' : data.metric;
let ascending = ranked.length === 0 || !data.maximised;
let limit = SHOWN;
const numeric = columns.map((column, i) => data.rows.every(row => row[i] == null || typeof row[i] === 'number'));

function trialLine(body, row, which) {
  const line = body.insertRow();
  if (isBad(row[STATUS])) line.className = 'bad';
  if (row[STATUS] === 'stopped') line.className = 'stopped';
  for (const i of which) {
    const cell = line.insertCell();
    cell.textContent = row[i] == null ? '' : i === SECONDS ? row[i].toFixed(2) : written(columns[i])(row[i]);
    if (numeric[i]) cell.className = 'n';
  }
}

function trialHead(line, i) {
  const head = document.createElement('th');
  head.scope = 'col';
  head.textContent = data.names[columns[i]] ?? columns[i];
  head.title = columns[i];
  if (numeric[i]) head.className = 'n';
  line.appendChild(head);
  return head;
}

const allColumns = columns.map((column, i) => i);

function fillTrials() {
  const at = columns.indexOf(sorted);
  const wanted = asked(by('trials-search').value);
  const rows = data.rows.filter(row => (!wanted || wanted(row)) && (!isChosen || isChosen(row)))
    .sort((a, b) => inOrder(a[at], b[at], ascending) || a[0] - b[0]);
  const printing = root.classList.contains('printing');
  const shown = rows.slice(0, printing ? Math.max(limit, PRINTED) : limit);
  const body = document.createElement('tbody');
  if (!printing) shown.forEach(row => trialLine(body, row, allColumns));
  by('trials').tBodies[0].replaceWith(body);
  by('trials-printed').replaceChildren(...(printing ? printedTables(shown) : []));
  markOrder([...document.querySelectorAll('#trials th')], at, ascending);
  by('trials-note').textContent = (shown.length < rows.length ? 'The first ' + count(shown.length) + ' of ' : '') + count(rows.length) + (rows.length === 1 ? ' trial' : ' trials')
    + (rows.length < data.rows.length ? ' of ' + count(data.rows.length) + (isChosen ? ', those chosen in the parallel coordinates' : '') : '') + ', by ' + sorted + '. '
    + (printing ? '' : 'A heading sorts. ')
    + (data.rows.length < data.all ? 'The page holds the best half and a sample of the others; table.csv has all ' + count(data.all) + '.' : '');
  by('more').hidden = shown.length === rows.length;
}

/** On paper nothing scrolls: tables of as many columns as fit beside each other, each with the trial first. */
function printedTables(rows) {
  const tables = [];
  for (let from = 1; from < columns.length; from += PAPER) {
    const which = [0, ...allColumns.slice(from, from + PAPER)];
    const table = document.createElement('table');
    const line = table.createTHead().insertRow();
    which.forEach(i => trialHead(line, i));
    const body = table.createTBody();
    rows.forEach(row => trialLine(body, row, which));
    tables.push(table);
  }
  return tables;
}

function makeTrials() {
  const line = by('trials').tHead.insertRow();
  columns.forEach((column, i) => onChoice(trialHead(line, i), () => {
    ascending = sorted === column ? !ascending : true;
    sorted = column;
    fillTrials();
  }));
  by('more').addEventListener('click', () => { limit = Infinity; fillTrials(); });
  by('trials-search').addEventListener('input', fillTrials);
  followers.push(fillTrials);
  fillTrials();
}

// ---- tables of the page
function cellValue(cell) {
  const words = (cell?.firstChild?.textContent ?? '').trim();
  return /^[+−-]?\d/.test(words) ? parseFloat(words.replace('−', '-').replaceAll('\u202f', '')) : words === '–' ? '' : words;
}

function makeSortable(table) {
  const heads = [...table.tHead.rows[0].cells];
  const body = table.tBodies[0];
  heads.forEach((head, at) => onChoice(head, () => {
    const up = head.getAttribute('aria-sort') !== 'ascending';
    const lines = [...body.rows].sort((a, b) => inOrder(cellValue(a.cells[at]), cellValue(b.cells[at]), up));
    body.append(...lines);
    markOrder(heads, at, up);
  }));
  if (body.rows.length < SEARCHED) return;
  const field = document.createElement('input');
  field.type = 'search';
  field.placeholder = 'filter';
  field.setAttribute('aria-label', 'Filter the table');
  field.addEventListener('input', () => {
    const wanted = field.value.trim().toLowerCase();
    [...body.rows].forEach(line => { line.hidden = !line.textContent.toLowerCase().includes(wanted); });
  });
  table.closest('.wide').before(field);
}
