// Charts of lines and points that are zoomed by dragging: history, learning curves, distribution, Pareto front.
const plots = {};

function axis(label, more) {
  const line = colour('line');
  return {
    label, stroke: colour('soft'), font: FONT, labelFont: FONT, labelSize: 20,
    grid: {stroke: line, width: 1}, ticks: {stroke: line, width: 1, size: 5}, ...more,
  };
}

const ticks = write => (plot, splits) => splits.map(split => (split == null ? '' : write(split)));

const DASHES = [[], [8, 4], [2, 3], [10, 3, 2, 3]];
const BORDERS = ['solid', 'dashed', 'dotted', 'double'];
const dashOf = (plot, i) => Math.max(0, DASHES.findIndex(dash => String(dash) === String(plot.series[i].dash ?? [])));

/** A legend's mark is of the colour of the line, or of the points where there is none; that of a dashed line is open. */
function markerOf(plot, i) {
  const {points: dots} = plot.series[i];
  const filled = typeof dots.fill === 'function' ? dots.fill(plot, i) : dots.fill;
  if (dashOf(plot, i) > 0 || filled === 'transparent') return 'transparent';
  return strokeOf(plot, i);
}

function strokeOf(plot, i) {
  const {stroke} = plot.series[i];
  return typeof stroke === 'function' ? stroke(plot, i) : stroke;
}

/** What all charts have; `x` and `y` are `{title, tick, say, range}`. */
function chart(place, x, y, series, more) {
  return {
    width: place.clientWidth, height: Math.round(Math.min(340, Math.max(250, place.clientWidth * 0.42))), padding: [14, 22, 0, 0],
    series: [{label: x.label ?? x.title, value: (plot, value) => (value == null ? '–' : x.say(value))}, ...series],
    scales: {x: {time: false, ...(x.range && {range: x.range})}, y: {...(y.range && {range: y.range})}},
    axes: [
      axis(x.title, {size: 30, values: ticks(x.tick), ...(x.whole && {incrs: WHOLE})}),
      axis(y.title, {values: ticks(y.tick), size: (plot, values) => 18 + 7 * Math.max(2, ...(values ?? []).map(value => value.length))}),
    ],
    cursor: {y: false, drag: {x: true, y: false}, hover: {skip: [null, undefined]}},
    legend: {show: more?.legend ?? true, markers: {fill: markerOf, stroke: strokeOf, width: 2, dash: (plot, i) => BORDERS[dashOf(plot, i)]}},
    hooks: more?.draw ? {draw: [more.draw]} : {},
  };
}

const WHOLE = [0, 1, 2, 3, 4, 5, 6, 7, 8].flatMap(power => [1, 2, 5].map(digit => digit * 10 ** power));
const resultAxis = range => ({
  title: titled(data.metric), tick: tickOf(data.metric), say: written(data.metric), range: range && [range.low, range.high],
});

/** Points without a line between them. */
function points(label, stroke, size, say, more) {
  return {label, stroke, width: 0, paths: () => null, points: {show: true, size, fill: stroke, stroke, width: 0, ...more}, value: (plot, value) => (value == null ? '–' : say(value))};
}

function put(name, options, lists, place, says) {
  plots[name]?.destroy();
  plots[name] = new uPlot(options, lists, place);
  const canvas = plots[name].root.querySelector('canvas');
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', says);
}

function remove(name) {
  plots[name]?.destroy();
  plots[name] = null;
}

/** A cross, in the plane of the canvas. */
function cross(context, x, y, size) {
  context.beginPath();
  context.moveTo(x - size, y - size);
  context.lineTo(x + size, y + size);
  context.moveTo(x + size, y - size);
  context.lineTo(x - size, y + size);
  context.stroke();
}

/** Crosses along the upper edge. */
function crosses(xs) {
  return plot => {
    const {ctx, bbox} = plot;
    ctx.save();
    ctx.strokeStyle = colour('bad');
    ctx.lineWidth = 1.5 * devicePixelRatio;
    for (const x of xs) {
      const at = plot.valToPos(x, 'x', true);
      if (at >= bbox.left - 1 && at <= bbox.left + bbox.width + 1) cross(ctx, at, bbox.top, 4 * devicePixelRatio);
    }
    ctx.restore();
  };
}

/** Dashed lines from below to above, with words at their heads. */
function marks(xs, says) {
  return plot => {
    const {ctx, bbox} = plot;
    ctx.save();
    ctx.strokeStyle = ctx.fillStyle = colour('soft');
    ctx.lineWidth = devicePixelRatio;
    ctx.font = FONT.replace('12px', 11 * devicePixelRatio + 'px');
    ctx.textAlign = 'right';
    ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
    xs.forEach(x => {
      const at = Math.round(plot.valToPos(x, 'x', true)) + 0.5;
      if (at < bbox.left || at > bbox.left + bbox.width + 1) return;
      ctx.beginPath();
      ctx.moveTo(at, bbox.top);
      ctx.lineTo(at, bbox.top + bbox.height);
      ctx.stroke();
      if (says) ctx.fillText(says(x), at - 4 * devicePixelRatio, bbox.top + 11 * devicePixelRatio);
    });
    ctx.restore();
  };
}

// ---- history
/** The best so far after each of these values. */
function bestSoFar(values) {
  let best = null;
  return values.map(value => {
    if (value != null && (best == null || sign * (value - best) < 0)) best = value;
    return best;
  });
}

function drawHistory() {
  const shown = data.history?.[by('history-rung').value || 0];
  by('history-figure').hidden = !shown?.range && !shown?.failures;
  remove('history');
  if (by('history-figure').hidden) return;
  const byTime = by('history-by').value === 'time';
  const at = byTime ? shown.ends : shown.trials;
  const order = at.map((x, i) => i).sort((a, b) => at[a] - at[b] || shown.trials[a] - shown.trials[b]);
  const x = order.map(i => at[i]);
  const values = order.map(i => shown.values[i]);
  const failed = x.filter((value, i) => shown.failed[order[i]]);
  const say = byTime ? value => duration(value) : value => 'trial ' + value;
  const axisOfX = {label: byTime ? 'time' : 'trial', title: byTime ? 'time since the first trial began, without pauses (s)' : 'trial', tick: text, say, whole: !byTime, range: x.length === 1 ? [x[0] - 1, x[0] + 1] : null};
  const pauses = byTime && data.timeline ? marks(data.timeline.pauses) : () => {};
  const stroke = colour('curve-0');
  put('history', chart(by('history'), axisOfX, resultAxis(shown.range), [
    points(data.metric, colour('bar'), 4, written(data.metric)),
    {label: 'best so far', stroke, width: 2, paths: uPlot.paths.stepped({align: 1}), points: {show: false}, value: (plot, value) => written(data.metric)(value)},
  ], {draw: plot => { crosses(failed)(plot); pauses(plot); }}), [x, values, bestSoFar(values)], by('history'),
  'Results ' + (byTime ? 'over time' : 'in the order of trials') + ' with the best so far');
  by('history-note').textContent = (data.rungs.length > 1 ? 'Trials that reached ' + shown.epochs + ' epochs, with what they had there. ' : '')
    + outside(shown.range, 'results')
    + (shown.failures ? '× at the upper edge: ' + count(shown.failures) + ' that failed. ' : '')
    + (shown.trials.length < shown.of ? 'Drawn are ' + count(shown.trials.length) + ' of ' + count(shown.of) + ' trials, at equal distances, and all that were the best when they came. ' : '')
    + (byTime && data.timeline?.pauses.length ? 'Dashed lines: pauses in which nothing ran, left out. ' : '');
}

function prepareHistory() {
  const rungs = data.history ?? [];
  offer(by('history-rung'), rungs.map(rung => rung.epochs + ' epochs (' + count(rung.of) + ' trials)'), data.compared, drawHistory);
  by('history-by').addEventListener('change', drawHistory);
}

// ---- learning curves
function drawCurves() {
  const place = by('curves');
  by('curves-figure').hidden = !data.curves;
  remove('curves');
  if (!data.curves) return;
  const {quantity, curves, of} = data.curves;
  const x = [...new Set(curves.flatMap(curve => curve.epochs))].sort((a, b) => a - b);
  const placeOf = new Map(x.map((epoch, i) => [epoch, i]));
  const ordered = [...curves].sort((a, b) => fromWorst(a, b, quantity));
  const series = ordered.map((curve, i) => curveLine(curve, (i + 1) / ordered.length, ordered.length));
  const ys = ordered.map(curve => {
    const y = Array(x.length).fill(null);
    curve.epochs.forEach((epoch, i) => { y[placeOf.get(epoch)] = curve.values[i]; });
    return y;
  });
  const pad = (a, b) => (b - a || Math.abs(b) || 1) * 0.05;
  const range = (plot, a, b) => [a >= 0 && a < b / 2 ? 0 : a - pad(a, b), b + pad(a, b)];
  const rungs = data.rungs.length > 1 ? marks(data.rungs) : () => {};
  put('curves', chart(place, {title: 'epochs', tick: text, say: text, whole: true}, {title: titled(quantity), tick: tickOf(quantity), range}, series, {legend: false, draw: rungs}),
    [x, ...ys], place, 'Learning curves of ' + quantity);
  const stopped = ordered.some(curve => curve.status === 'stopped');
  by('curves-note').textContent = (ordered.length < of ? ordered.length + ' of ' + count(of) + ' trials: the best half and a sample of the others. ' : '')
    + (data.rungs.length > 1 ? 'The stronger a line, the further its trial was taken, and the better it was there. ' : 'The stronger a line, the better its trial in the end. ')
    + (stopped ? 'Dashed orange lines: ' + HALTED + '. ' : '') + (data.rungs.length > 1 ? 'Dashed from below to above: rungs, at ' + data.rungs.join(', ') + ' epochs. ' : '')
    + (quantity === data.metric ? '' : 'Trainings do not look at ' + data.metric + ' on their way; shown is ' + quantity + '.');
}

/** The order of curves: of rungs those taken further are better, of those taken equally far those that ended better. */
function fromWorst(a, b, quantity) {
  const further = data.rungs.length > 1 ? a.epochs.at(-1) - b.epochs.at(-1) : 0;
  // no number at the end is worse than any
  const end = curve => curve.values.at(-1) == null ? Infinity : sign * curve.values.at(-1);
  const better = quantity === data.metric ? (end(b) > end(a)) - (end(b) < end(a)) : goodness(a.trial) - goodness(b.trial);
  return further || better;
}

function curveLine(curve, good, of) {
  const stopped = curve.status === 'stopped';
  const alpha = Math.round(255 * strength(good, of)).toString(16).padStart(2, '0');
  const stroke = colour(stopped ? 'curve-1' : 'curve-0') + alpha;
  return {
    label: 'trial ' + curve.trial, stroke, width: good > 0.95 ? 2.5 : 1, spanGaps: true, dash: stopped ? [6, 3] : [],
    points: {show: curve.epochs.length < 4, size: 4, fill: stroke},
  };
}

// ---- distribution
/** More curves than this are shown when asked for. */
const CURVES = 8;

/** A curve's part at each of these values. */
function partsAt(curve, xs) {
  const forward = data.maximised ? [...xs].reverse() : xs;
  let at = 0;
  let part = 0;
  const parts = forward.map(x => {
    while (at < curve.values.length && sign * (curve.values[at] - x) <= 0) part = curve.parts[at++];
    return part;
  });
  return data.maximised ? parts.reverse() : parts;
}

function drawDistribution() {
  const shown = data.distribution;
  by('distribution-figure').hidden = !shown;
  remove('distribution');
  if (!shown) return;
  const {low, high} = shown.range;
  const xs = [...new Set([low, high, ...shown.curves.flatMap(curve => curve.values)])].filter(x => x >= low && x <= high).sort((a, b) => a - b);
  const series = shown.curves.map((curve, i) => ({
    label: curve.label, show: i < CURVES, stroke: colour('curve-' + i % CURVES), width: 1.75, dash: DASHES[Math.floor(i / CURVES) % DASHES.length],
    paths: uPlot.paths.stepped({align: data.maximised ? -1 : 1}), points: {show: false},
    value: (plot, value) => (value == null ? count(curve.trials) + ' trials' : plain.format(Number((100 * value).toPrecision(3))) + ' %'),
  }));
  put('distribution', chart(by('distribution'), {...resultAxis(shown.range)},
    {title: 'trials at least as good (%)', tick: value => plain.format(100 * value), range: [0, 1.02]}, series, {}),
  [xs, ...shown.curves.map(curve => partsAt(curve, xs))], by('distribution'), 'Share of trials that are at least as good as a value');
  const whose = shown.axis ? 'A curve an option of ' + (data.names[shown.axis] ?? shown.axis) + ', the one with the best configuration first; a name in the legend shows or hides its curve. ' : '';
  const hidden = shown.curves.length > CURVES ? 'The first ' + CURVES + ' of ' + shown.curves.length + ' are shown. ' : '';
  by('distribution-note').textContent = whose + hidden + 'A curve that is higher has more trials as good as the value below it: it is easier to tune. '
    + (shown.curves.some(curve => curve.results < curve.trials) ? 'Failures count as worse than any value, so that curves with some do not reach 100 %. ' : '')
    + equallyFar() + outside(shown.range, 'results');
}

// ---- Pareto front
function drawFront() {
  const front = data.front;
  if (!front || !by('front')) return;
  const [a, b] = [Number(by('front-x').value || 0), Number(by('front-y').value || 1)];
  const points2 = front.points.filter(point => point[2 + a] != null && point[2 + b] != null).sort((p, q) => p[2 + a] - q[2 + a] || p[2 + b] - q[2 + b]);
  const axisOf = i => {
    const name = front.objectives[i];
    const range = front.ranges[i];
    return {label: titled(name), title: titled(name) + (front.maximised[i] ? ', more is better' : ', less is better'), tick: tickOf(name), say: written(name), range: range && [range.low, range.high]};
  };
  const stroke = colour('curve-0');
  const second = points2.map(point => point[2 + b]);
  const onFront = points2.map(point => (point[1] ? point[2 + b] : null));
  put('front', chart(by('front'), axisOf(a), axisOf(b), [
    points('a configuration', colour('bar'), 5, axisOf(b).say),
    points('on the front', stroke, 10, axisOf(b).say, {fill: 'transparent', width: 2}),
  ], {draw: front.objectives.length === 2 ? stairs(points2.filter(point => point[1]), a, b) : null}), [points2.map(point => point[2 + a]), second, onFront], by('front'),
  'Pareto front of ' + front.objectives[a] + ' and ' + front.objectives[b]);
  by('front-note').textContent = 'Rings: on the front. ' + (front.objectives.length === 2 ? 'The line bounds what they are better than. ' : 'Of ' + front.objectives.length + ' objectives two are shown, so that a ring may lie behind other points. ')
    + (front.points.length < front.of ? 'Drawn are ' + count(front.points.length) + ' of ' + count(front.of) + ' configurations. ' : '')
    + outside(front.ranges[a], 'configurations along ' + front.objectives[a]).replace('of the axis', 'of that axis') + outside(front.ranges[b], 'configurations along ' + front.objectives[b]).replace('of the axis', 'of that axis');
}

/** The edge of what the members of a front dominate: steps whose corners are away from them. */
function stairs(members, a, b) {
  return plot => {
    const {ctx, bbox} = plot;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    ctx.strokeStyle = colour('curve-0');
    ctx.lineWidth = 1.5 * devicePixelRatio;
    ctx.beginPath();
    const corners = members.map(point => [plot.valToPos(point[2 + a], 'x', true), plot.valToPos(point[2 + b], 'y', true)]);
    corners.forEach(([x, y], i) => {
      if (i === 0) ctx.moveTo(x, y);
      else if (data.front.maximised[a]) { ctx.lineTo(corners[i - 1][0], y); ctx.lineTo(x, y); }
      else { ctx.lineTo(x, corners[i - 1][1]); ctx.lineTo(x, y); }
    });
    ctx.stroke();
    ctx.restore();
  };
}

function prepareFront() {
  if (!data.front || !by('front')) return;
  offer(by('front-x'), data.front.objectives, 0, drawFront);
  offer(by('front-y'), data.front.objectives, 1, drawFront);
  const two = data.front.objectives.length === 2;
  by('front-x').closest('.choices').hidden = two;
}
