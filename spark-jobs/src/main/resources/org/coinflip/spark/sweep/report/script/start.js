// What is drawn, and when again.
const drawers = [drawHistory, drawFront, drawCurves, drawSlices, drawPair, drawDistribution, drawCoordinates, drawTimeline];
const drawAll = () => drawers.forEach(draw => draw());

prepareHistory();
prepareFront();
preparePairs();
prepareTimeline();
prepareCoordinates();
makeTrials();
document.querySelectorAll('.wide table').forEach(makeSortable);
drawAll();

let width = document.body.clientWidth;
new ResizeObserver(() => {
  if (document.body.clientWidth === width) return;
  width = document.body.clientWidth;
  requestAnimationFrame(drawAll);
}).observe(document.body);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);

function printing(is) {
  root.classList.toggle('printing', is);
  fillTrials();
  drawAll();
}
addEventListener('beforeprint', () => printing(true));
addEventListener('afterprint', () => printing(false));
