// Slices: the result against each axis.
const SLICE = {left: 46, right: 8, top: 12, bottom: 26, turned: 84, plain: 130};
/** An axis of more options has a row for itself. */
const NARROW = 6;

function drawSlices() {
  const shown = data.slices;
  by('slices-figure').hidden = !shown;
  if (!shown) return;
  const place = by('slices');
  if (place.children.length === 0) makeSlices(place, shown.slices);
  shown.slices.forEach((slice, i) => drawSlice(place.children[i].querySelector('canvas'), slice, shown.range));
  const axes = shown.order.length > shown.slices.length ? 'The ' + shown.slices.length + ' most important of ' + shown.order.length + ' axes. ' : '';
  by('slices-note').textContent = axes + 'Each point is a trial, from below to above its ' + titled(data.metric) + '; bars: medians of all trials there, from three on. '
    + (data.rows.some(row => isBad(row[STATUS])) ? '× at the upper edge: failed. ' : '') + 'The axis that explains most comes first. '
    + equallyFar() + outside(shown.range, 'results') + held();
}

function makeSlices(place, slices) {
  for (const slice of slices) {
    const panel = document.createElement('div');
    const title = document.createElement('h3');
    title.textContent = titled(data.metric) + ' by ' + (data.names[slice.axis] ?? slice.axis) + (slice.logarithmic ? ', logarithmic' : '');
    title.title = slice.axis;
    const canvas = document.createElement('canvas');
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', data.metric + ' against ' + slice.axis);
    if (slice.options.length > NARROW) panel.className = 'row';
    panel.append(title, canvas);
    place.append(panel);
    tell(canvas, (x, y) => nearest(canvas.points ?? [], x, y));
  }
}

/** The words of the point that is nearest, if it is near. */
function nearest(spots, x, y) {
  let best = 64;
  let found = null;
  for (const spot of spots) {
    const distance = (spot[0] - x) ** 2 + (spot[1] - y) ** 2;
    if (distance < best) { best = distance; found = spot[2]; }
  }
  return found && described(found);
}

/** The same for the same trial: a number between -1 and 1. */
const scattered = trial => 2 * ((trial * 0.6180339887) % 1) - 1;

function drawSlice(canvas, slice, range) {
  const turned = isTurned(canvas, slice);
  canvas.style.height = SLICE.top + SLICE.plain + (turned ? SLICE.turned : SLICE.bottom) + 'px';
  const {context, width} = sheet(canvas);
  const bottom = SLICE.top + SLICE.plain;
  const across = scaleOf(slice, SLICE.left + 4, width - SLICE.right - 4);
  const up = scaleOf({options: [], low: range.low, high: range.high}, bottom, SLICE.top);
  drawRaster(context, width, bottom, up);
  drawValues(context, slice, across, width, bottom, turned);
  const at = columns.indexOf(slice.axis);
  canvas.points = [];
  const spread = slice.options.length > 0 ? Math.min(14, across.room * 0.32) : 0;
  context.lineWidth = 1.25;
  for (const row of data.rows) {
    if (row[at] == null) continue;
    const x = across.place(row[at]) + spread * scattered(row[0]);
    if (row[RESULT] == null && isBad(row[STATUS])) {
      context.globalAlpha = 1;
      context.strokeStyle = colour('bad');
      cross(context, x, SLICE.top - 4, 3);
      canvas.points.push([x, SLICE.top - 4, row]);
    } else if (row[RESULT] != null && row[RESULT] >= range.low && row[RESULT] <= range.high) {
      const y = up.place(row[RESULT]);
      context.globalAlpha = ranked.length > 500 ? 0.45 : 0.75;
      context.fillStyle = colour('bar');
      context.fillRect(x - 1.5, y - 1.5, 3, 3);
      canvas.points.push([x, y, row]);
    }
  }
  context.globalAlpha = 1;
  drawMedians(context, slice, across, up, range);
}

/** The axis of results with its lines. */
function drawRaster(context, width, bottom, up) {
  context.strokeStyle = colour('line');
  context.fillStyle = colour('soft');
  context.textAlign = 'right';
  for (const tick of up.ticks(5)) {
    const y = Math.round(up.place(tick)) + 0.5;
    context.beginPath();
    context.moveTo(SLICE.left, y);
    context.lineTo(width - SLICE.right, y);
    context.stroke();
    context.fillText(tickOf(data.metric)(tick), SLICE.left - 5, y + 4);
  }
  context.strokeStyle = colour('soft');
  context.strokeRect(SLICE.left + 0.5, SLICE.top + 0.5, width - SLICE.left - SLICE.right - 1, bottom - SLICE.top);
}

/** Whether some option's name is too long to stand upright in its place. */
function isTurned(canvas, slice) {
  const context = canvas.getContext('2d');
  context.font = FONT;
  const room = (canvas.clientWidth - SLICE.left - SLICE.right) / slice.options.length - 6;
  return slice.options.some(option => !fits(context, text(option), room));
}

/** The words below a slice. */
function drawValues(context, slice, across, width, bottom, turned) {
  context.fillStyle = colour('soft');
  if (turned) {
    drawTurned(context, slice.options, across, bottom);
    return;
  }
  context.textAlign = 'center';
  const values = slice.options.length > 0 ? slice.options : across.ticks(Math.max(2, Math.floor((width - SLICE.left) / 60)));
  for (const value of values) {
    const half = context.measureText(text(value)).width / 2;
    context.fillText(text(value), Math.min(across.place(value), width - half - 1), bottom + 17);
  }
}

/** Names of options that rise to their places; of too many some are left out. */
function drawTurned(context, options, across, bottom) {
  const step = Math.max(1, Math.ceil(13 / across.room));
  context.textAlign = 'right';
  options.forEach((option, i) => {
    if (i % step !== 0) return;
    context.save();
    context.translate(across.place(option) + 4, bottom + 12);
    context.rotate(-Math.PI / 4);
    context.fillText(fitted(context, text(option), Math.min(100, across.place(option) * 1.3)), 0, 0);
    context.restore();
  });
}

function drawMedians(context, slice, across, up, range) {
  context.strokeStyle = colour('curve-1');
  context.lineWidth = 2.5;
  const half = slice.options.length > 0 ? Math.min(18, across.room * 0.4) : 9;
  for (const [group, median] of slice.medians) {
    if (median < range.low || median > range.high) continue;
    const x = across.place(slice.options.length > 0 ? slice.options[group] : group);
    const y = up.place(median);
    context.beginPath();
    context.moveTo(x - half, y);
    context.lineTo(x + half, y);
    context.stroke();
  }
  context.lineWidth = 1;
}
