// What one may type to find trials: parts that must all hold, each `name<number`, `name>number`, `name=value`, or text that some cell has.

/** The column that a name means: its whole name, its short one, or the only one that ends so. */
function columnNamed(name) {
  const wanted = name.toLowerCase();
  const called = columns.map(column => [column.toLowerCase(), (data.names[column] ?? column).toLowerCase()]);
  const exact = called.findIndex(names => names.includes(wanted));
  if (exact >= 0) return exact;
  const ends = called.flatMap(([full], i) => (full.endsWith('.' + wanted) ? [i] : []));
  return ends.length === 1 ? ends[0] : -1;
}

/** A number is equal to what it is written as, too. */
function compares(value, operator, given, column) {
  const number = parseFloat(given) / (isPercent(column) ? 100 : 1);
  if (operator === '=') {
    return typeof value === 'number' && !Number.isNaN(number)
      ? Math.abs(value - number) <= 1e-9 * Math.abs(number) || parseFloat(written(column)(value)) === parseFloat(given) : String(value).toLowerCase().includes(given.toLowerCase());
  }
  if (typeof value !== 'number') return false;
  return {'<': value < number, '<=': value <= number, '>': value > number, '>=': value >= number}[operator];
}

/** A predicate over rows. Errors are compared in percent, as they are shown. */
function asked(words) {
  const parts = words.trim().replace(/\s*(<=|>=|[<>=])\s*/g, '$1').split(/\s+/).filter(Boolean).map(part => {
    const [, name, operator, given] = /^(.+?)(<=|>=|[<>=])(.+)$/.exec(part) ?? [];
    const at = name ? columnNamed(name) : -1;
    if (at >= 0) return row => row[at] != null && compares(row[at], operator, given, columns[at]);
    const wanted = part.toLowerCase();
    return row => columns.some((column, i) => row[i] != null && String(row[i]).toLowerCase().includes(wanted));
  });
  return parts.length === 0 ? null : row => parts.every(part => part(row));
}
