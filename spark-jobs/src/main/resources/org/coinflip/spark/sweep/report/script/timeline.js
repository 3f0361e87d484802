// The timeline of slots: a bar for each rung of each trial.
const LOOKS = {done: 'curve-0', stopped: 'curve-7'};
const LANE = {most: 22, least: 1.5, tallest: 640, left: 10, top: 6, bottom: 42};

function laneHeight(slots) {
  return Math.max(LANE.least, Math.min(LANE.most, LANE.tallest / slots));
}

function drawTimeline() {
  const shown = data.timeline;
  by('timeline-figure').hidden = !shown;
  if (!shown) return;
  const canvas = by('timeline');
  const lane = laneHeight(shown.slots.length);
  canvas.style.height = Math.ceil(LANE.top + LANE.bottom + lane * shown.slots.length) + 'px';
  const {context, width, height} = sheet(canvas);
  const hosts = [...new Set(shown.slots)];
  const left = LANE.left + Math.min(150, width * 0.25, Math.max(...hosts.map(host => context.measureText(host).width)) + 8);
  const across = scaleOf({options: [], low: 0, high: shown.seconds || 1}, left, width - 14);
  drawTimes(context, across, height, width);
  drawHosts(context, shown.slots, lane, left);
  canvas.bars = shown.bars.map(([slot, from, to, kind, trial, many]) => {
    const x = across.place(from);
    const bar = {x, width: Math.max(1, across.place(to) - x - (lane > 6 ? 0.5 : 0)), y: LANE.top + slot * lane, kind: shown.kinds[kind], from, to, trial, many};
    drawBar(context, bar, lane);
    return bar;
  });
  canvas.lane = lane;
  by('timeline-note').textContent = timelineNote(shown);
}

/** What failed is in another colour, and has a cross over a lane that is left open. */
function drawBar(context, bar, lane) {
  const bad = isBad(bar.kind);
  const thick = lane > 4 ? lane - 2 : lane;
  context.fillStyle = colour(bad ? 'bad' : LOOKS[bar.kind]);
  context.globalAlpha = bar.kind === 'stopped' ? 0.75 : 1;
  if (bad && lane > 6) {
    context.globalAlpha = 0.35;
    context.fillRect(bar.x, bar.y, bar.width, thick);
    context.globalAlpha = 1;
    context.strokeStyle = colour('bad');
    context.lineWidth = 2;
    cross(context, bar.x + bar.width / 2, bar.y + thick / 2, Math.min(5, thick / 2 - 1));
  } else if (bar.kind === 'stopped' && lane > 6) {
    context.fillRect(bar.x, bar.y + thick / 4, bar.width, thick / 2);
  } else {
    context.fillRect(bar.x, bar.y, bar.width, thick);
  }
  context.globalAlpha = 1;
}

function drawTimes(context, across, height, width) {
  const bottom = height - LANE.bottom;
  context.strokeStyle = colour('line');
  context.fillStyle = colour('soft');
  context.textAlign = 'center';
  for (const tick of across.ticks(Math.max(2, Math.floor(width / 110)))) {
    const x = Math.round(across.place(tick)) + 0.5;
    context.beginPath();
    context.moveTo(x, LANE.top);
    context.lineTo(x, bottom + 4);
    context.stroke();
    context.fillText(text(tick), x, bottom + 17);
  }
  context.fillText('time since the first trial began, without pauses (s)', width / 2, bottom + 36);
  context.setLineDash([4, 4]);
  context.strokeStyle = colour('soft');
  for (const pause of data.timeline.pauses) {
    context.beginPath();
    context.moveTo(across.place(pause), LANE.top);
    context.lineTo(across.place(pause), bottom);
    context.stroke();
  }
  context.setLineDash([]);
}

/** The name of each host beside its first slot, where there is room. */
function drawHosts(context, slots, lane, left) {
  context.fillStyle = colour('soft');
  context.textAlign = 'right';
  let free = 0;
  slots.forEach((host, slot) => {
    const y = LANE.top + slot * lane + Math.min(lane, 14);
    if ((slot > 0 && slots[slot - 1] === host) || y < free) return;
    context.fillText(fitted(context, host, left - 10), left - 6, Math.max(y, 12));
    free = y + 14;
  });
}

function timelineNote(shown) {
  const hosts = new Set(shown.slots).size;
  const bad = shown.kinds.filter(isBad);
  return count(shown.of) + (data.rungs.length > 1 ? ' bars, one for each rung of a trial, ' : ' trials, a bar each, ') + 'on ' + count(shown.slots.length) + (shown.slots.length === 1 ? ' slot' : ' slots')
    + ' of ' + count(hosts) + (hosts === 1 ? ' host' : ' hosts') + ', which were busy for ' + Math.round(100 * shown.busy) + ' % of the time. Slots are those that hold the bars of a host without an overlap. '
    + (bad.length ? 'Crossed and red: ' + bad.join(', ') + '. ' : '') + (shown.kinds.includes('stopped') ? 'Thin and grey: ' + HALTED + '. ' : '')
    + (shown.bars.length < shown.of ? 'Bars too short to be seen are drawn as one with their neighbours. ' : '')
    + (shown.pauses.length ? 'Dashed lines: ' + (shown.pauses.length === 1 ? 'a pause' : shown.pauses.length + ' pauses') + ' in which nothing ran, left out (' + duration(shown.paused) + '). ' : '');
}

function prepareTimeline() {
  const canvas = by('timeline');
  tell(canvas, (x, y) => {
    const slot = Math.floor((y - LANE.top) / canvas.lane);
    const bar = (canvas.bars ?? []).find(one => Math.round((one.y - LANE.top) / canvas.lane) === slot && x >= one.x - 1 && x <= one.x + one.width + 1);
    if (!bar) return null;
    const times = duration(bar.from) + ' to ' + duration(bar.to) + ', ' + bar.kind;
    const row = rowOf.get(bar.trial);
    return bar.many > 1 ? bar.many + ' trials, ' + times : (row ? described(row) : 'trial ' + bar.trial) + ', ' + times;
  });
}
