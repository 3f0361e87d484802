'use strict';
(() => {
  const root = document.documentElement;
  const drawings = JSON.parse(document.getElementById('drawings').textContent);
  const figures = [...document.querySelectorAll('.charts figure')];
  const CURVES = 8;
  const DASHES = [[], [8, 4], [2, 3]];
  const WHOLE = [0, 1, 2, 3, 4, 5, 6, 7, 8].flatMap(power => [1, 2, 5].map(digit => digit * 10 ** power));
  const FONT = '12px ' + getComputedStyle(document.body).fontFamily;
  const plain = new Intl.NumberFormat('en', {maximumSignificantDigits: 5});
  const scientific = new Intl.NumberFormat('en', {notation: 'scientific', maximumSignificantDigits: 4});

  const colour = name => getComputedStyle(root).getPropertyValue('--' + name).trim();

  function text(value) {
    if (value == null) return '–';
    const size = Math.abs(value);
    return size !== 0 && (size < 1e-3 || size >= 1e9)
      ? scientific.format(value).toLowerCase() : plain.format(value).replaceAll(',', '\u202f');
  }

  /** Of the many lines of a logarithmic grid only the powers of ten, unless that would leave too few. */
  function majorLines(plot, splits) {
    const major = splits.map(split => split > 0 && Number.isInteger(+Math.log10(split).toFixed(9)) ? split : null);
    return major.filter(split => split != null).length > 2 ? major : splits;
  }

  /** Where nothing is pointed at, a curve's legend tells its last value. */
  function legendValue(values) {
    const last = values.findLast(value => value != null);
    return (plot, value, curve, index) => text(index == null ? last : values[index]);
  }

  /** The heights of stacked curves: each stands on the visible ones before it. */
  function stacked(lines, visible) {
    const base = lines[0].y.map(() => 0);
    return lines.map((line, i) => line.y.map((y, k) => visible[i] ? base[k] += y ?? 0 : base[k]));
  }

  function bands(visible) {
    const shown = visible.flatMap((is, i) => is ? [i + 1] : []);
    return shown.slice(1).map((upper, i) => ({series: [upper, shown[i]]}));
  }

  function restack(plot, drawing) {
    const visible = plot.series.slice(1).map(series => series.show);
    plot.delBand(null);
    bands(visible).forEach(band => plot.addBand(band));
    plot.setData([drawing.x, ...stacked(drawing.lines, visible)], false);
    plot.setScale('x', {min: plot.scales.x.min, max: plot.scales.x.max});
  }

  function series(line, index, drawing, width) {
    const stroke = colour('curve-' + index % CURVES);
    const stack = drawing.style === 'STACKED';
    const measured = line.y.filter(y => y != null).length;
    return {
      label: line.label, stroke, width: stack || measured > width ? 1.25 : 1.75, fill: stack ? stroke + 'b0' : undefined,
      dash: DASHES[Math.floor(index / CURVES) % DASHES.length],
      spanGaps: line.sparse, value: legendValue(line.y),
      points: {show: (!stack || measured === 1) && measured * (line.sparse ? 8 : 30) < width, size: 5, fill: stroke},
    };
  }

  function axis(label, more) {
    const line = colour('line');
    return {
      label, stroke: colour('soft'), font: FONT, labelFont: FONT, labelSize: 20,
      grid: {stroke: line, width: 1}, ticks: {stroke: line, width: 1, size: 5},
      values: (plot, splits) => splits.map(split => split == null ? '' : text(split)), ...more,
    };
  }

  function options(drawing, logarithmic, width) {
    const stack = drawing.style === 'STACKED';
    const positive = drawing.lines.every(line => line.y.every(y => y == null || y >= 0));
    return {
      width, height: Math.round(Math.min(320, Math.max(230, width * 0.45))), padding: [10, 22, 0, 0],
      series: [{label: drawing.xLabel, value: legendValue(drawing.x)}, ...drawing.lines.map((line, i) => series(line, i, drawing, width))],
      bands: stack ? bands(drawing.lines.map(() => true)) : undefined,
      scales: {
        x: {time: false, range: (plot, from, to) => from === to ? [from - 0.5, to + 0.5] : [from, to]},
        y: logarithmic ? {distr: 3} : {range: {
          min: {pad: stack ? 0 : 0.1, soft: positive ? 0 : undefined, mode: stack ? 1 : 3, hard: positive ? 0 : undefined},
          max: {pad: 0.1},
        }},
      },
      axes: [
        axis(drawing.xLabel, {size: 30, ...(drawing.x.every(Number.isInteger) && {incrs: WHOLE})}),
        axis(drawing.yLabel, {
          grid: {stroke: colour('line'), width: 1, ...(logarithmic && {filter: majorLines})},
          size: (plot, values) => 18 + 7 * Math.max(2, ...(values ?? []).map(value => value.length)),
        }),
      ],
      cursor: {
        y: false, sync: {key: drawing.group, setSeries: false, scales: ['x', null]},
        hover: {skip: [null, undefined]},
      },
      hooks: stack ? {setSeries: [(plot, index, change) => change.show != null && restack(plot, drawing)]} : {},
    };
  }

  const plots = figures.map(() => null);

  function draw(index) {
    const drawing = drawings[index];
    const place = figures[index].querySelector('.plot');
    const logarithmic = figures[index].querySelector('.scale input').checked;
    const ys = drawing.style === 'STACKED'
      ? stacked(drawing.lines, drawing.lines.map(() => true)) : drawing.lines.map(line => line.y);
    plots[index]?.destroy();
    plots[index] = new uPlot(options(drawing, logarithmic, place.clientWidth), [drawing.x, ...ys], place);
    plots[index].root.querySelector('canvas').setAttribute('role', 'img');
    plots[index].root.querySelector('canvas').setAttribute('aria-label', drawing.yLabel + ' against ' + drawing.xLabel);
  }

  const drawAll = () => figures.forEach((figure, index) => draw(index));

  figures.forEach((figure, index) => {
    const {style, lines} = drawings[index];
    const input = figure.querySelector('.scale input');
    input.checked = style === 'LOGARITHMIC';
    figure.querySelector('.scale').hidden = style === 'STACKED' || lines.some(line => line.y.some(y => y != null && y <= 0));
    input.addEventListener('change', () => draw(index));
    let width = figure.clientWidth;
    new ResizeObserver(() => {
      if (figure.clientWidth !== width) {
        width = figure.clientWidth;
        requestAnimationFrame(() => draw(index));
      }
    }).observe(figure);
  });

  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
  addEventListener('beforeprint', () => {
    root.classList.add('printing');
    document.querySelectorAll('details').forEach(details => details.open = true);
    drawAll();
  });
  addEventListener('afterprint', () => {
    root.classList.remove('printing');
    drawAll();
  });
  drawAll();
})();
