// What all parts share: the data, how numbers are written, colours, the order of trials, and which of them are chosen.
const root = document.documentElement;
const data = JSON.parse(document.getElementById('drawings').textContent);
const FIXED = ['trial', data.metric, 'configuration', 'seed', 'status', 'epochs', 'seconds'];
const STATUS = FIXED.indexOf('status');
const columns = [...FIXED, ...data.axes, ...data.metrics];
/** The last cell of a row is the result at the rung that pictures compare at. */
const RESULT = columns.length;
const FONT = '12px ' + getComputedStyle(document.body).fontFamily;
const plain = new Intl.NumberFormat('en', {maximumSignificantDigits: 5, useGrouping: false});
const scientific = new Intl.NumberFormat('en', {notation: 'scientific', maximumSignificantDigits: 4});
const whole = new Intl.NumberFormat('en', {useGrouping: true});
const by = id => document.getElementById(id);
const colour = name => getComputedStyle(root).getPropertyValue('--' + name).trim();
const sign = data.maximised ? -1 : 1;

function text(value) {
  if (value == null) return '–';
  if (typeof value !== 'number') return String(value);
  const size = Math.abs(value);
  // seeds, numbers of trials and sizes are what they are
  if (Number.isSafeInteger(value)) return String(value);
  return size !== 0 && (size < 1e-3 || size >= 1e9) ? scientific.format(value).toLowerCase() : plain.format(value);
}

const count = value => whole.format(value).replaceAll(',', '\u202f');

function duration(seconds) {
  if (seconds < 60) return plain.format(Number(seconds.toPrecision(3))) + ' s';
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? minutes + ' min' : Math.floor(minutes / 60) + ' h ' + minutes % 60 + ' min';
}

/** Errors are fractions, and shown as percentages everywhere. */
const isPercent = name => name.endsWith('.error');

/** How a column's values are written. */
function written(name) {
  return isPercent(name) ? value => (typeof value === 'number' ? plain.format(100 * value) + ' %' : text(value)) : text;
}

/** How a column's values are written at an axis, whose title has the unit. */
function tickOf(name) {
  return isPercent(name) ? value => plain.format(100 * value) : text;
}

/** What a column is called, with its unit. */
function titled(name) {
  const called = data.names[name] ?? name;
  return isPercent(name) ? called + ' (%)' : name === 'seconds' ? 'seconds (s)' : called;
}

/** Words on what an axis does not hold. */
function outside(range, what) {
  if (!range || range.outside === 0) return '';
  return count(range.outside) + ' of ' + count(range.of) + ' ' + what + ' (' + plain.format(Number((100 * range.outside / range.of).toPrecision(2)))
    + ' %) lie outside of the axis, on its worse side. ';
}

/** What pictures compare at, where there are rungs. */
function equallyFar() {
  if (data.rungs.length < 2 || !data.history) return '';
  return 'Results after ' + data.history[data.compared].epochs + ' epochs, of all trials that got there; those taken further are shown as they were then. ';
}

const held = () => (data.rows.length < data.all
  ? 'Drawn are ' + count(data.rows.length) + ' of ' + count(data.all) + ' trials: the best half, and of the others some at equal distances in their order. ' : '');

/** What a trial is that is whole at no rung: while a sweep runs, nobody knows yet. */
const HALTED = data.underWay ? 'stopped at a rung, or waiting for the next' : 'stopped at a rung';
const isBad = status => !['done', 'stopped'].includes(status);

// ---- the order of trials, the best first
const ranked = data.rows.filter(row => row[RESULT] != null).sort((a, b) => sign * (a[RESULT] - b[RESULT]));
const rankOf = new Map(ranked.map((row, rank) => [row[0], rank]));
const rowOf = new Map(data.rows.map(row => [row[0], row]));

/** 1 for the best, 0 for the worst and for what has no result. */
const goodness = trial => (rankOf.has(trial) ? 1 - rankOf.get(trial) / Math.max(1, ranked.length - 1) : 0);

/** How opaque a line is, so that of however many the few best stand out; `good` from 0 to 1. */
const strength = (good, of) => Math.max(0.015, Math.min(0.12, 12 / of)) + 0.85 * good ** Math.max(3, of / 20);

/** A trial in a line: its result, and the axes that it has. */
function described(row) {
  const result = row[RESULT] == null ? row[STATUS] : data.metric + ' ' + written(data.metric)(row[RESULT]);
  const values = data.axes.map(axis => [axis, row[columns.indexOf(axis)]]).filter(([, value]) => value != null)
    .map(([axis, value]) => (data.names[axis] ?? axis) + ' ' + text(value));
  return 'trial ' + row[0] + ': ' + [result, ...values].join(', ');
}

// ---- trials chosen in the parallel coordinates, which the table follows
let isChosen = null;
const followers = [];

function choose(predicate) {
  isChosen = predicate;
  followers.forEach(follow => follow());
}

// ---- words at the pointer
function tell(canvas, find) {
  const tip = by('tip');
  canvas.addEventListener('mousemove', event => {
    const box = canvas.getBoundingClientRect();
    const words = find(event.clientX - box.left, event.clientY - box.top);
    tip.hidden = !words;
    if (!words) return;
    tip.textContent = words;
    tip.style.left = Math.max(8, Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 12)) + 'px';
    tip.style.top = Math.min(event.clientY + 16, innerHeight - tip.offsetHeight - 8) + 'px';
  });
  canvas.addEventListener('mouseleave', () => { tip.hidden = true; });
}

/** Fills a select with options; hides its label where there is nothing to choose. */
function offer(select, labels, chosen, changed) {
  labels.forEach((label, i) => select.add(new Option(label, i, i === chosen, i === chosen)));
  select.closest('label').hidden = labels.length < 2;
  select.addEventListener('change', changed);
}
