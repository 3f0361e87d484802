// Parallel coordinates: a line a trial over all axes; ranges of axes are chosen by dragging along them.
const PLANE = {side: 70, left: 16, right: 104, gap: 76, widest: 190, bottom: 16, tall: 340, line: 15, turned: 92, straight: 30};
/** More options than this are too many labels. */
const MOST_LABELS = 40;

const brushes = new Map();
let drag = null;
let lines = null;

/** The result, and the axes from the most important on. */
function coordinates() {
  const order = data.slices.order;
  const all = [data.metric, ...order].map((name, i) => {
    const at = i === 0 ? RESULT : columns.indexOf(name);
    const values = data.rows.map(row => row[at]).filter(value => value != null);
    return {name, at, ...(at === RESULT ? resultScale() : valueScale(name, values))};
  });
  return all.filter(axis => axis.at === RESULT || axis.options.length > 1 || axis.high > axis.low);
}

function resultScale() {
  const {low, high} = data.slices.range;
  return {options: [], low, high, logarithmic: false};
}

function valueScale(name, values) {
  const different = [...new Set(values)].sort((a, b) => inOrder(a, b, true));
  const numbers = different.every(value => typeof value === 'number');
  if (!numbers || different.length <= 8) return {options: different};
  return {options: [], low: different[0], high: different[different.length - 1], logarithmic: data.logarithmic.includes(name) && different[0] > 0};
}

/** How far an axis wants to be from the next, for its labels to be read. */
function wantedGap(axis, context) {
  context.font = FONT;
  const longest = Math.max(0, ...axis.options.slice(0, MOST_LABELS).map(option => context.measureText(text(option)).width));
  return Math.min(PLANE.widest, Math.max(PLANE.gap, longest + 18));
}

/** Where everything is: the canvas is as high as the axis with the most options wants, and as wide as all axes want; on paper as wide as that. */
function laidOut(axes, context) {
  const box = by('coordinates-box').clientWidth;
  const gaps = axes.slice(0, -1).map(axis => wantedGap(axis, context));
  const wanted = gaps.reduce((sum, gap) => sum + gap, 0);
  const turned = (box - 2 * PLANE.side) / Math.max(1, gaps.length) < 130;
  const [left, right] = turned ? [PLANE.left, PLANE.right] : [PLANE.side, PLANE.side];
  const room = box - left - right;
  const stretched = gaps.map(gap => (root.classList.contains('printing') ? gap * room / wanted : gap + Math.max(0, room - wanted) / gaps.length));
  const places = [left];
  stretched.forEach(gap => places.push(places[places.length - 1] + gap));
  const options = Math.min(MOST_LABELS, Math.max(...axes.map(axis => axis.options.length)));
  const top = turned ? PLANE.turned : PLANE.straight;
  const height = top + PLANE.bottom + Math.max(PLANE.tall - PLANE.straight, PLANE.line * options);
  return {places, turned, top, height, bottom: height - PLANE.bottom, width: places[places.length - 1] + right};
}

function prepareCoordinates() {
  const canvas = by('coordinates');
  const axes = data.slices && ranked.length > 0 ? coordinates() : [];
  by('coordinates-figure').hidden = axes.length < 2;
  if (axes.length < 2) return;
  lines = {axes};
  by('coordinates-search').addEventListener('input', chosenAnew);
  by('coordinates-clear').addEventListener('click', () => {
    brushes.clear();
    by('coordinates-search').value = '';
    chosenAnew();
  });
  canvas.addEventListener('pointerdown', startBrush);
  canvas.addEventListener('pointermove', moveBrush);
  canvas.addEventListener('pointerup', endBrush);
  canvas.addEventListener('pointercancel', () => { drag = null; });
  tell(canvas, (x, y) => (drag ? null : atPointer(x, y)));
}

/** The axis at a place, if one is near. */
const axisAt = x => lines.plan.places.findIndex(place => Math.abs(place - x) < 16);

function atPointer(x, y) {
  const i = axisAt(x);
  if (i < 0) return null;
  const axis = lines.axes[i];
  if (y < lines.plan.top - 6) return axis.name;
  const value = axis.options.find(option => Math.abs(lines.scales[i].place(option) - y) < PLANE.line / 2);
  return value === undefined ? null : axis.name + ' ' + text(value);
}

function startBrush(event) {
  const box = event.target.getBoundingClientRect();
  const i = axisAt(event.clientX - box.left);
  if (i < 0 || event.pointerType === 'touch') return;
  const y = event.clientY - box.top;
  drag = {axis: i, from: y, to: y};
  event.target.setPointerCapture(event.pointerId);
  event.preventDefault();
}

function moveBrush(event) {
  if (!drag) return;
  drag.to = event.clientY - event.target.getBoundingClientRect().top;
  brushes.set(drag.axis, [Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)]);
  drawCoordinates();
}

/** A click without a drag takes an axis' range away. */
function endBrush() {
  if (!drag) return;
  if (Math.abs(drag.to - drag.from) < 3) brushes.delete(drag.axis);
  drag = null;
  chosenAnew();
}

function inBrushes(row) {
  return [...brushes].every(([i, [from, to]]) => {
    const value = row[lines.axes[i].at];
    if (value == null) return false;
    const y = placeOn(i, value);
    return y >= from && y <= to;
  });
}

/** A value beyond the axis lies at its end. */
function placeOn(i, value) {
  const axis = lines.axes[i];
  return lines.scales[i].place(typeof value === 'number' && axis.options.length === 0 ? Math.min(Math.max(value, axis.low), axis.high) : value);
}

function wanted() {
  const search = asked(by('coordinates-search').value);
  if (!search && brushes.size === 0) return null;
  return row => (!search || search(row)) && inBrushes(row);
}

function chosenAnew() {
  choose(wanted());
  drawCoordinates();
}

function drawCoordinates() {
  if (!lines || by('coordinates-figure').hidden) return;
  const canvas = by('coordinates');
  const plan = laidOut(lines.axes, canvas.getContext('2d'));
  const before = lines.plan?.height;
  canvas.style.height = plan.height + 'px';
  canvas.style.width = plan.width + 'px';
  const {context} = sheet(canvas);
  lines.plan = plan;
  lines.scales = lines.axes.map(axis => scaleOf(axis, plan.bottom, plan.top));
  if (before && before !== plan.height) brushes.clear();
  const predicate = wanted();
  const chosen = predicate ? ranked.filter(predicate) : ranked;
  const among = new Set(chosen);
  [...ranked].reverse().forEach(row => !among.has(row) && drawTrial(context, row, 0.03, 1));
  for (let rank = chosen.length - 1; rank >= 0; rank--) {
    const good = 1 - rank / Math.max(1, chosen.length - 1);
    drawTrial(context, chosen[rank], strength(good, chosen.length), good > 0.97 ? 2 : 1);
  }
  const thinned = lines.axes.map((axis, i) => drawAxis(context, axis, i)).some(Boolean);
  coordinatesNote(chosen, predicate, thinned);
}

function drawTrial(context, row, strength, thick) {
  context.globalAlpha = strength;
  context.lineWidth = thick;
  context.strokeStyle = colour('curve-0');
  context.beginPath();
  let started = false;
  lines.axes.forEach((axis, i) => {
    if (row[axis.at] == null) return;
    const y = placeOn(i, row[axis.at]);
    if (started) context.lineTo(lines.plan.places[i], y);
    else context.moveTo(lines.plan.places[i], y);
    started = true;
  });
  context.stroke();
  context.globalAlpha = 1;
}

/** An axis with its name, its values and what is chosen of it. @returns whether labels were left out */
function drawAxis(context, axis, i) {
  const {plan} = lines;
  const x = plan.places[i];
  context.strokeStyle = colour('soft');
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(x, plan.top);
  context.lineTo(x, plan.bottom);
  context.stroke();
  if (brushes.has(i)) drawBrush(context, x, brushes.get(i));
  drawName(context, axis, x);
  const last = i === lines.axes.length - 1;
  const beside = last ? x - plan.places[i - 1] : plan.places[i + 1] - x;
  context.fillStyle = colour('soft');
  context.textAlign = last ? 'right' : 'left';
  const write = axis.at === RESULT ? tickOf(data.metric) : text;
  const ticks = axis.options.length > 0 ? axis.options : lines.scales[i].ticks(6);
  const step = Math.max(1, Math.ceil(ticks.length / MOST_LABELS));
  ticks.forEach((tick, k) => {
    if (k % step !== 0) return;
    label(context, fitted(context, write(tick), beside - 10), x + (last ? -6 : 6), lines.scales[i].place(tick) + 4);
  });
  return step > 1;
}

function drawBrush(context, x, [from, to]) {
  context.fillStyle = colour('curve-1');
  context.globalAlpha = 0.35;
  context.fillRect(x - 6, from, 12, Math.max(2, to - from));
  context.globalAlpha = 1;
  context.strokeStyle = colour('curve-1');
  context.strokeRect(x - 6, from, 12, Math.max(2, to - from));
}

/** Names are turned where axes are close together. */
function drawName(context, axis, x) {
  const {plan} = lines;
  const name = axis.at === RESULT ? titled(data.metric) : data.names[axis.name] ?? axis.name;
  context.fillStyle = colour('ink');
  context.textAlign = plan.turned ? 'left' : 'center';
  context.save();
  context.translate(x, plan.turned ? plan.top - 8 : 16);
  if (plan.turned) context.rotate(-Math.PI / 5);
  context.fillText(fitted(context, name, plan.turned ? 128 : 140), 0, 0);
  context.restore();
}

/** Text on a ground of the card's colour, so that lines do not cross it. */
function label(context, words, x, y) {
  context.save();
  context.lineWidth = 4;
  context.lineJoin = 'round';
  context.strokeStyle = colour('card');
  context.strokeText(words, x, y);
  context.restore();
  context.fillText(words, x, y);
}

function coordinatesNote(chosen, predicate, thinned) {
  const best = chosen[0];
  by('coordinates-clear').hidden = !predicate;
  by('coordinates-note').textContent = (predicate ? count(chosen.length) + ' of ' + count(ranked.length) + ' trials chosen' + (best ? ', the best is ' + described(best) : '') + '. ' : '')
    + 'A line a trial, the stronger the better. Drag along axes to choose ranges, click on one to take its range away; the search takes parts such as '
    + (data.names[data.axes[0]] ?? data.axes[0]) + '=… or ' + data.metric + '<… (errors in percent), or any text. The table of trials follows. '
    + (lines.plan.width > by('coordinates-box').clientWidth ? 'There are ' + (lines.axes.length - 1) + ' axes, the most important first: move the picture to see all. ' : '')
    + (thinned ? 'Of axes with more than ' + MOST_LABELS + ' options only some are named. ' : '')
    + 'Results beyond their axis lie at its end. ' + equallyFar() + held();
}
