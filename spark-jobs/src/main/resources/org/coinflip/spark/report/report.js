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

  /** Of a histogram's bar its range; where nothing is pointed at, all of it. */
  function binLabel(x) {
    const bin = 1 / x.length;
    const edge = value => text(+value.toFixed(9));
    return (plot, value, curve, index) => index == null ? '0 to 1' : edge(x[index] - bin / 2) + ' to ' + edge(x[index] + bin / 2);
  }

  function bars(line) {
    const stroke = colour('bar');
    const all = line.y.reduce((sum, y) => sum + y, 0);
    return {
      label: line.label, stroke, fill: stroke, width: 0, points: {show: false},
      paths: uPlot.paths.bars({size: [0.9, Infinity]}),
      value: (plot, value, curve, index) => text(index == null ? all : line.y[index]),
    };
  }

  function series(line, index, drawing, width) {
    if (drawing.style === 'HISTOGRAM') return bars(line);
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

  /** A vertical bar through every visible point that has an error. */
  function errorBars(drawing) {
    return plot => {
      const {ctx} = plot;
      ctx.save();
      ctx.beginPath();
      ctx.rect(plot.bbox.left, plot.bbox.top, plot.bbox.width, plot.bbox.height);
      ctx.clip();
      ctx.lineWidth = devicePixelRatio;
      drawing.lines.forEach((line, i) => {
        if (!plot.series[i + 1].show) return;
        ctx.strokeStyle = colour('curve-' + i % CURVES);
        line.errors.forEach((error, k) => {
          if (error == null || line.y[k] == null) return;
          const x = plot.valToPos(drawing.x[k], 'x', true);
          ctx.beginPath();
          ctx.moveTo(x, plot.valToPos(line.y[k] - error, 'y', true));
          ctx.lineTo(x, plot.valToPos(line.y[k] + error, 'y', true));
          ctx.stroke();
        });
      });
      ctx.restore();
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
    const histogram = drawing.style === 'HISTOGRAM';
    const positive = drawing.lines.every(line => line.y.every(y => y == null || y >= 0));
    return {
      width, height: Math.round(Math.min(320, Math.max(230, width * 0.45))), padding: [10, 22, 0, 0],
      series: [{label: drawing.xLabel, value: histogram ? binLabel(drawing.x) : legendValue(drawing.x)}, ...drawing.lines.map((line, i) => series(line, i, drawing, width))],
      bands: stack ? bands(drawing.lines.map(() => true)) : undefined,
      scales: {
        x: {time: false, range: (plot, from, to) => histogram ? [0, 1] : from === to ? [from - 0.5, to + 0.5] : [from, to]},
        y: logarithmic ? {distr: 3} : {range: {
          min: {pad: stack ? 0 : 0.1, soft: positive ? 0 : undefined, mode: stack ? 1 : 3, hard: positive ? 0 : undefined},
          max: {pad: 0.1},
        }},
      },
      axes: [
        axis(drawing.xLabel, {size: 30, ...(drawing.x.every(Number.isInteger) && {incrs: WHOLE})}),
        axis(drawing.yLabel, {
          grid: {stroke: colour('line'), width: 1, ...(logarithmic && {filter: majorLines})}, ...(histogram && {incrs: WHOLE}),
          size: (plot, values) => 18 + 7 * Math.max(2, ...(values ?? []).map(value => value.length)),
        }),
      ],
      cursor: {
        y: false, drag: {x: !histogram, y: false}, sync: {key: drawing.group, setSeries: false, scales: ['x', null]},
        hover: {skip: [null, undefined]},
      },
      hooks: drawing.lines.some(line => line.errors.length > 0) ? {draw: [errorBars(drawing)]} : stack ? {setSeries: [(plot, index, change) => change.show != null && restack(plot, drawing)]} : {},
    };
  }

  const plots = figures.map(() => null);

  function draw(index) {
    const drawing = drawings[index];
    const place = figures[index].querySelector('.plot');
    const logarithmic = Boolean(figures[index].querySelector('.scale input')?.checked);
    const ys = drawing.style === 'STACKED'
      ? stacked(drawing.lines, drawing.lines.map(() => true)) : drawing.lines.map(line => line.y);
    plots[index]?.destroy();
    plots[index] = new uPlot(options(drawing, logarithmic, place.clientWidth), [drawing.x, ...ys], place);
    plots[index].root.querySelector('canvas').setAttribute('role', 'img');
    plots[index].root.querySelector('canvas').setAttribute('aria-label', drawing.yLabel + ' against ' + drawing.xLabel);
  }

  const drawAll = () => figures.forEach((figure, index) => draw(index));

  function offerScale(figure, index) {
    const {style, lines} = drawings[index];
    const scale = figure.querySelector('.scale');
    if (scale == null) return;
    const input = scale.querySelector('input');
    input.checked = style === 'LOGARITHMIC';
    scale.hidden = style === 'STACKED' || lines.some(line => line.y.some(y => y != null && y <= 0));
    input.addEventListener('change', () => draw(index));
  }

  function paint(canvas) {
    const bytes = atob(canvas.dataset.pixels);
    const context = canvas.getContext('2d');
    const image = context.createImageData(canvas.width, canvas.height);
    const pixels = canvas.width * canvas.height;
    const plane = bytes.length > pixels ? pixels : 0;
    for (let i = 0; i < pixels; i++) {
      for (let c = 0; c < 3; c++) image.data[4 * i + c] = bytes.charCodeAt(c * plane + i);
      image.data[4 * i + 3] = 255;
    }
    context.putImageData(image, 0, 0);
  }

  figures.forEach((figure, index) => {
    offerScale(figure, index);
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
  document.querySelectorAll('canvas[data-pixels]').forEach(paint);
  drawAll();
})();
