// Canvases and scales of pictures that need no zoom.

/** A canvas as large as it is on the screen, empty. */
function sheet(canvas) {
  const ratio = window.devicePixelRatio || 1;
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  const context = canvas.getContext('2d');
  context.scale(ratio, ratio);
  context.clearRect(0, 0, width, height);
  context.font = FONT;
  return {context, width, height};
}

function fits(context, words, room) {
  return context.measureText(words).width <= room;
}

/** As much of a name as there is room for: its end says more than its beginning. */
function fitted(context, name, room) {
  if (fits(context, name, room)) return name;
  let cut = name;
  while (cut.length > 1 && !fits(context, '…' + cut, room)) cut = cut.slice(1);
  return '…' + cut;
}

// ---- scales
/** About so many round numbers between two. */
function roundNumbers(low, high, most) {
  const rough = (high - low) / Math.max(1, most);
  // of numbers that hardly differ none between is round
  if (!(rough > 1e-12 * Math.abs(high))) return [low];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].find(digit => digit * power >= rough * 0.999) * power;
  const first = Math.ceil(low / step - 1e-9);
  const numbers = [];
  for (let k = first; k * step <= high + step * 1e-9 && numbers.length <= 2 * most + 2; k++) numbers.push(Number((k * step).toPrecision(12)));
  return numbers;
}

/** Powers of ten between two numbers, with their doubles and fivefolds where they are few. */
function roundPowers(low, high, most) {
  const of = digits => {
    const numbers = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
      digits.forEach(digit => numbers.push(Number((digit * 10 ** power).toPrecision(12))));
    }
    return numbers.filter(number => number >= low * 0.999 && number <= high * 1.001);
  };
  const choices = [of([1, 2, 5]), of([1, 3]), of([1])].filter(numbers => numbers.length <= most);
  const chosen = choices.find(numbers => numbers.length > 1);
  if (chosen) return chosen;
  const powers = of([1]);
  return powers.length > most ? powers.filter((power, i) => i % Math.ceil(powers.length / most) === 0) : roundNumbers(low, high, most);
}

/** Where the values of an axis lie between two places: options in their middles, numbers between the least and the greatest. */
function scaleOf(axis, from, to) {
  if (axis.options.length > 0) {
    const places = new Map(axis.options.map((option, i) => [option, from + (i + 0.5) / axis.options.length * (to - from)]));
    return {place: value => places.get(value), room: Math.abs(to - from) / axis.options.length};
  }
  const measure = axis.logarithmic ? Math.log : value => value;
  const [low, high] = [measure(axis.low), measure(axis.high)];
  return {
    place: value => (typeof value === 'number' ? from + (high === low ? 0.5 : (measure(value) - low) / (high - low)) * (to - from) : undefined),
    ticks: most => (axis.logarithmic ? roundPowers : roundNumbers)(axis.low, axis.high, most),
  };
}
