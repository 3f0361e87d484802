'use strict';
(() => {
  const root = document.documentElement;
  const data = JSON.parse(document.getElementById('drawings').textContent);
  const FIXED = ['trial', 'configuration', 'seed', 'status', 'epochs', 'seconds'];
  const columns = [...FIXED, data.metric, ...data.axes, ...data.metrics];
  const metricAt = columns.indexOf(data.metric);
  const SHOWN = 100;
  const FONT = '12px ' + getComputedStyle(document.body).fontFamily;
  const plain = new Intl.NumberFormat('en', {maximumSignificantDigits: 5, useGrouping: false});
  const scientific = new Intl.NumberFormat('en', {notation: 'scientific', maximumSignificantDigits: 4});
  const colour = name => getComputedStyle(root).getPropertyValue('--' + name).trim();
  const by = id => document.getElementById(id);

  function text(value) {
    if (value == null) return '–';
    if (typeof value !== 'number') return String(value);
    const size = Math.abs(value);
    return size !== 0 && (size < 1e-3 || size >= 1e9) ? scientific.format(value).toLowerCase() : plain.format(value);
  }

  /** How a column's values are written: errors are fractions, and shown as percentages everywhere. */
  function written(name) {
    return name.endsWith('.error') ? value => (typeof value === 'number' ? plain.format(100 * value) + ' %' : text(value)) : text;
  }

  // ---- the order of trials, the best first; what failed comes last
  const sign = data.maximised ? -1 : 1;
  const ranked = data.rows.filter(row => row[metricAt] != null).sort((a, b) => sign * (a[metricAt] - b[metricAt]));
  const rankOf = new Map(ranked.map((row, rank) => [row[0], rank]));
  const goodness = row => 1 - rankOf.get(row[0]) / Math.max(1, ranked.length - 1);

  // ---- table
  let sorted = data.metric;
  let ascending = !data.maximised;
  let all = false;

  function compare(a, b) {
    if (a == null || b == null) return (a == null) - (b == null);
    const order = typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));
    return ascending ? order : -order;
  }

  const numeric = columns.map((column, i) => data.rows.every(row => row[i] == null || typeof row[i] === 'number'));

  function fillTable() {
    const at = columns.indexOf(sorted);
    const rows = [...data.rows].sort((a, b) => compare(a[at], b[at]) || a[0] - b[0]);
    const shown = all ? rows : rows.slice(0, SHOWN);
    const body = document.createElement('tbody');
    for (const row of shown) {
      const line = body.insertRow();
      if (!['done', 'stopped'].includes(row[3])) line.className = 'bad';
      if (row[3] === 'stopped') line.className = 'stopped';
      row.forEach((value, i) => {
        const cell = line.insertCell();
        cell.textContent = value == null ? '' : i === 5 ? value.toFixed(2) : written(columns[i])(value);
        if (numeric[i]) cell.className = 'n';
      });
    }
    by('trials').tBodies[0].replaceWith(body);
    document.querySelectorAll('#trials th').forEach((head, i) => {
      if (i === at) head.setAttribute('aria-sort', ascending ? 'ascending' : 'descending');
      else head.removeAttribute('aria-sort');
    });
    const held = data.rows.length < data.all
      ? ' The page holds the best and a sample of the others; table.csv has all ' + data.all + '.' : '';
    by('trials-note').textContent = shown.length + ' of ' + data.rows.length + ' trials shown; click a heading to sort.' + held;
    by('more').hidden = all || rows.length <= SHOWN;
  }

  function makeTable() {
    const line = by('trials').tHead.insertRow();
    columns.forEach((column, i) => {
      const head = document.createElement('th');
      head.scope = 'col';
      head.textContent = data.names[column] ?? column;
      head.title = column;
      if (numeric[i]) head.className = 'n';
      head.tabIndex = 0;
      const choose = () => {
        ascending = sorted === column ? !ascending : true;
        sorted = column;
        fillTable();
      };
      head.addEventListener('click', choose);
      head.addEventListener('keydown', event => event.key === 'Enter' && choose());
      line.appendChild(head);
    });
    by('more').addEventListener('click', () => { all = true; fillTable(); });
    if (ranked.length === 0) sorted = 'trial';
    fillTable();
  }

  // ---- charts
  function axis(label, more) {
    const line = colour('line');
    return {
      label, stroke: colour('soft'), font: FONT, labelFont: FONT, labelSize: 20,
      grid: {stroke: line, width: 1}, ticks: {stroke: line, width: 1, size: 5},
      values: (plot, splits) => splits.map(split => split == null ? '' : text(split)), ...more,
    };
  }

  const wide = {size: (plot, values) => 18 + 7 * Math.max(2, ...(values ?? []).map(value => value.length))};

  function base(place, xLabel, yLabel, series, more) {
    return {
      width: place.clientWidth, height: Math.round(Math.min(340, Math.max(230, place.clientWidth * 0.4))), padding: [10, 22, 0, 0],
      series: [{label: xLabel, value: (plot, value) => text(value)}, ...series],
      scales: {x: {time: false}, ...more?.scales},
      axes: [axis(xLabel, {size: 30}), axis(yLabel, {...wide, values: (plot, splits) => splits.map(split => split == null ? '' : written(yLabel)(split))})],
      cursor: {y: false, drag: {x: true, y: false}, hover: {skip: [null, undefined]}},
      legend: {show: more?.legend ?? true},
    };
  }

  const plots = {};

  function drawBest() {
    const place = by('best');
    const {seconds, values, stopped, best} = data.best;
    plots.best?.destroy();
    plots.best = null;
    by('best-figure').hidden = seconds.length === 0;
    if (seconds.length === 0) return;
    const stroke = colour('curve-0');
    const soft = colour('bar');
    // the axis follows the best, not the trials that went wrong
    const every = values.map((value, i) => value ?? stopped[i]);
    const ordered = [...every].sort((a, b) => sign * (a - b));
    const usual = ordered[Math.floor(0.75 * (ordered.length - 1))];
    const reached = best.filter(value => value != null);
    const ends = [reached[reached.length - 1] ?? ordered[0], usual, reached[0] ?? usual].sort((a, b) => a - b);
    const pad = (ends[2] - ends[0] || Math.abs(ends[0]) || 1) * 0.08;
    const low = ends[0] >= 0 ? Math.max(0, ends[0] - pad) : ends[0] - pad;
    plots.best = new uPlot(base(place, 'seconds since the first trial', data.metric, [
      {label: 'trial', stroke: soft, width: 0, paths: () => null, points: {show: true, size: 4, fill: soft, width: 0}, value: (p, v) => written(data.metric)(v)},
      ...(stopped.some(value => value != null) ? [{label: 'stopped before', stroke: soft, width: 0, paths: () => null, points: {show: true, size: 5, fill: 'transparent', stroke: soft, width: 1}, value: (p, v) => written(data.metric)(v)}] : []),
      {label: 'best so far', stroke, width: 2, paths: uPlot.paths.stepped({align: 1}), points: {show: false}, value: (p, v) => written(data.metric)(v)},
    ], {scales: {y: {range: [low, ends[2] + pad]}}}), [seconds, values, ...(stopped.some(value => value != null) ? [stopped] : []), best], place);
    const outside = every.filter(value => value < low || value > ends[2] + pad).length;
    by('best-note').textContent = outside === 0 ? '' : outside + ' of ' + every.length + ' trials lie outside of the axis.';
  }

  function drawCurves() {
    const place = by('curves');
    plots.curves?.destroy();
    plots.curves = null;
    by('curves-figure').hidden = data.curves.length === 0;
    if (data.curves.length === 0) return;
    const x = [...new Set(data.curves.flatMap(curve => curve.epochs))].sort((a, b) => a - b);
    const place0 = new Map(x.map((epoch, i) => [epoch, i]));
    const stroke = colour('curve-0');
    const stopped = colour('curve-1');
    const ordered = [...data.curves].sort((a, b) => (rankOf.get(b.trial) ?? 1e9) - (rankOf.get(a.trial) ?? 1e9));
    const series = ordered.map(curve => {
      const rank = rankOf.get(curve.trial);
      const good = rank == null ? 0 : 1 - rank / Math.max(1, ranked.length - 1);
      const alpha = Math.round(255 * (0.12 + 0.88 * good ** 3)).toString(16).padStart(2, '0');
      return {
        label: 'trial ' + curve.trial, stroke: (curve.status === 'stopped' ? stopped : stroke) + alpha,
        width: good > 0.95 ? 2 : 1, spanGaps: true, points: {show: curve.epochs.length < 3, size: 3},
      };
    });
    const ys = ordered.map(curve => {
      const y = Array(x.length).fill(null);
      curve.epochs.forEach((epoch, i) => { y[place0.get(epoch)] = curve.values[i]; });
      return y;
    });
    const pad = (a, b) => (b - a || Math.abs(b) || 1) * 0.05;
    const range = (p, a, b) => [a >= 0 && a < b / 2 ? 0 : a - pad(a, b), b + pad(a, b)];
    plots.curves = new uPlot(base(place, 'epochs', data.curve, series, {legend: false, scales: {y: {range}}}), [x, ...ys], place);
    const anyStopped = ordered.some(curve => curve.status === 'stopped');
    by('curves-note').textContent = (ordered.length < data.all ? ordered.length + ' of ' + data.all + ' trials: the best and a sample of the others. ' : '')
      + 'The stronger, the better in the end.' + (anyStopped ? ' Orange: stopped at a rung; rungs are at ' + data.rungs.join(', ') + ' epochs.' : '');
  }

  // ---- parallel coordinates
  let pointed = null;

  function scales(width, height) {
    const names = [...data.axes, data.metric];
    const gap = (width - 130) / Math.max(1, names.length - 1);
    return names.map((name, i) => {
      const at = columns.indexOf(name);
      const values = data.rows.map(row => row[at]).filter(value => value != null);
      const different = new Set(values).size;
      const numbers = values.length > 0 && values.every(value => typeof value === 'number');
      const few = numbers && different <= 6;
      const kinds = numbers ? null : [...new Set(values.map(String))].sort();
      const positive = numbers && values.every(value => value > 0);
      let low = numbers ? Math.min(...values) : 0;
      let high = numbers ? Math.max(...values) : kinds.length - 1;
      if (name === data.metric && ranked.length > 4) high = data.maximised ? high : ranked[Math.floor(0.9 * (ranked.length - 1))][at];
      const logarithmic = positive && high / low > 30;
      const measure = value => logarithmic ? Math.log(value) : value;
      const bottom = height - 28;
      const y = value => {
        const v = numbers ? measure(Math.min(Math.max(value, low), high)) : kinds.indexOf(String(value));
        const from = numbers ? measure(low) : 0;
        const to = numbers ? measure(high) : kinds.length - 1;
        return to === from ? (bottom + 34) / 2 : bottom - (v - from) / (to - from) * (bottom - 34);
      };
      const ticks = few ? [...new Set(values)].filter(value => value >= low && value <= high) : numbers
        ? [0, 0.25, 0.5, 0.75, 1].map(p => logarithmic ? low * (high / low) ** p : low + p * (high - low)) : kinds.length <= 24 ? kinds : [];
      return {name, at, x: 65 + i * gap, y, ticks, numbers};
    });
  }

  function drawCoordinates() {
    const canvas = by('coordinates');
    by('coordinates-figure').hidden = data.axes.length === 0 || ranked.length === 0;
    if (data.axes.length === 0 || ranked.length === 0) return;
    const ratio = window.devicePixelRatio || 1;
    const width = canvas.clientWidth;
    const height = canvas.clientHeight;
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    const context = canvas.getContext('2d');
    context.scale(ratio, ratio);
    context.clearRect(0, 0, width, height);
    const axes = scales(width, height);
    const near = row => {
      if (pointed == null) return true;
      const axis = axes[pointed.axis];
      return row[axis.at] != null && Math.abs(axis.y(row[axis.at]) - pointed.y) < 9;
    };
    const stroke = colour('curve-0');
    const lines = [...ranked].reverse();
    for (const row of lines) {
      const good = goodness(row);
      const shown = near(row);
      context.globalAlpha = shown ? 0.06 + 0.8 * good ** 3 : 0.015;
      context.lineWidth = good > 0.97 && shown ? 2 : 1;
      context.strokeStyle = stroke;
      context.beginPath();
      let started = false;
      for (const axis of axes) {
        if (row[axis.at] == null) continue;
        const y = axis.y(row[axis.at]);
        if (started) context.lineTo(axis.x, y);
        else context.moveTo(axis.x, y);
        started = true;
      }
      context.stroke();
    }
    context.globalAlpha = 1;
    context.font = FONT;
    axes.forEach((axis, i) => {
      context.strokeStyle = colour('soft');
      context.lineWidth = 1;
      context.beginPath();
      context.moveTo(axis.x, 34);
      context.lineTo(axis.x, height - 28);
      context.stroke();
      const last = i === axes.length - 1;
      const room = i === 0 || last ? 130 : (width - 130) / (axes.length - 1) - 8;
      context.textAlign = 'center';
      context.fillStyle = colour('ink');
      context.fillText(fitted(context, data.names[axis.name] ?? axis.name, room), axis.x, 16);
      context.textAlign = last ? 'right' : 'left';
      context.fillStyle = colour('soft');
      axis.ticks.forEach(tick => label(context, fitted(context, written(axis.name)(tick), room - 10), axis.x + (last ? -6 : 6), axis.y(tick) + 4));
    });
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

  /** The end of a name says more than its beginning. */
  function fitted(context, name, room) {
    if (context.measureText(name).width <= room) return name;
    let cut = name;
    while (cut.length > 3 && context.measureText('…' + cut).width > room) cut = cut.slice(1);
    return '…' + cut;
  }

  by('coordinates').addEventListener('mousemove', event => {
    const box = event.target.getBoundingClientRect();
    const axes = scales(box.width, box.height);
    const x = event.clientX - box.left;
    let nearest = 0;
    axes.forEach((axis, i) => { if (Math.abs(axis.x - x) < Math.abs(axes[nearest].x - x)) nearest = i; });
    pointed = Math.abs(axes[nearest].x - x) < 40 ? {axis: nearest, y: event.clientY - box.top} : null;
    drawCoordinates();
  });
  by('coordinates').addEventListener('mouseleave', () => { pointed = null; drawCoordinates(); });

  function drawAll() {
    drawBest();
    drawCurves();
    drawCoordinates();
  }

  makeTable();
  drawAll();
  let width = document.body.clientWidth;
  new ResizeObserver(() => {
    if (document.body.clientWidth !== width) {
      width = document.body.clientWidth;
      requestAnimationFrame(drawAll);
    }
  }).observe(document.body);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
  addEventListener('beforeprint', () => { root.classList.add('printing'); drawAll(); });
  addEventListener('afterprint', () => { root.classList.remove('printing'); drawAll(); });
})();
