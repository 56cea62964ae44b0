// What the page knows: the moments, and which of them belong together.

const run = JSON.parse(document.getElementById('run').textContent);
const AT = 0, WHERE = 1, SORT = 2, WORDS = 3, OFFSET = 4, LENGTH = 5, TAG = 6, UNTIL = 7;
const all = run.moments;
const byId = (id) => document.getElementById(id);
const text = (words) => String(words).replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]);
const seconds = (nanos) => (Math.floor(nanos / 1000) / 1e6).toFixed(6) + ' s';
const sort = (moment) => run.sorts[moment[SORT]];
const where = (moment) => run.wheres[moment[WHERE]];

// Who is where: a place like "client -> server" is a way from one lane to another.
const ways = run.wheres.map((place) => {
  const parts = place.split(' -> ');
  return { from: parts[0], to: parts[1] || null };
});
const lanes = run.lanes.map((name) => ({
  name, y: 0, ops: 0, isClient: name.startsWith('client'), isDisk: name === 'disk',
}));
const lane = new Map(lanes.map((one) => [one.name, one]));

// What belongs together: a message and its arrival, a disk operation and its end, an operation and its outcome.
const arrows = [], operations = [], downs = [];
{
  const sent = new Map(), started = new Map(), open = new Map(), down = new Map();
  const push = (map, key, value) => { if (!map.has(key)) map.set(key, []); map.get(key).push(value); };
  // Only the client knows by which of its links it speaks.
  const alike = (words) => words.replace(/^arrived: /, '').replace(/, slot \d+$/, '');
  // Of several that look alike the oldest one ended, unless it is so old that it must have been lost.
  const match = (map, key, now) => {
    const list = map.get(key);
    if (!list || !list.length) return null;
    const isLost = now - list[0].begun > 3 * (now - list[list.length - 1].begun);
    return isLost ? list.pop() : list.shift();
  };
  all.forEach((moment, i) => {
    const way = ways[moment[WHERE]], words = moment[WORDS], kind = sort(moment);
    if (kind === 'MESSAGE') {
      const arrow = { i, end: null, from: way.from, to: way.to, begun: moment[AT], ended: null, disk: false };
      arrows.push(arrow);
      push(sent, moment[WHERE] + '|' + alike(words), arrow);
    } else if (kind === 'ARRIVAL') {
      const arrow = match(sent, moment[WHERE] + '|' + alike(words), moment[AT]);
      if (arrow) { arrow.end = i; arrow.ended = moment[AT]; }
    } else if (kind === 'DISK' && way.to === 'disk') {
      const arrow = { i, end: null, from: way.from, to: 'disk', begun: moment[AT], ended: null, disk: true };
      arrows.push(arrow);
      push(started, way.from + '|' + words.replace(/, first block: .*/, ''), arrow);
    } else if (kind === 'DISK' && way.from === 'disk' && way.to) {
      const arrow = match(started, way.to + '|' + words.replace(/ ended: .*/, ''), moment[AT]);
      if (arrow) { arrow.end = i; arrow.ended = moment[AT]; }
    } else if (kind === 'SUBMITTED') {
      const operation = { i, end: null, lane: way.from, begun: moment[AT], ended: null, how: 'open', tag: moment[TAG], row: 0 };
      operations.push(operation);
      open.set(moment[TAG], operation);
    } else if (kind === 'OUTCOME') {
      const operation = open.get(moment[TAG]);
      if (operation) {
        open.delete(moment[TAG]);
        operation.end = i;
        operation.ended = moment[AT];
        const how = / (done|refused|unknown)/.exec(words);
        operation.how = how ? how[1] : 'done';
      }
    } else if (kind === 'PROCESS' && /crashes|loses power/.test(words)) {
      down.set(way.from, moment[AT]);
    } else if (kind === 'PROCESS' && /process starts/.test(words) && down.has(way.from)) {
      downs.push({ lane: way.from, begun: down.get(way.from), ended: moment[AT] });
      down.delete(way.from);
    }
  });
  down.forEach((begun, name) => downs.push({ lane: name, begun, ended: run.to }));
  const rows = new Map();
  for (const operation of operations) {
    const list = rows.get(operation.lane) || [];
    rows.set(operation.lane, list);
    let row = list.findIndex((until) => until <= operation.begun);
    if (row < 0) row = list.length < 12 ? list.length : list.indexOf(Math.min(...list));
    list[row] = operation.ended === null ? run.to : operation.ended;
    operation.row = row;
    const its = lane.get(operation.lane);
    if (its) its.ops = Math.max(its.ops, row + 1);
  }
}
const faults = all.map((moment, i) => ({ moment, i })).filter((one) => sort(one.moment) === 'FAULT');
const kindOf = (moment) => moment[WORDS].split(':')[0];
// How long faults last: of one kind, what overlaps is one band.
const bands = [];
{
  const last = new Map();
  for (const { moment, i } of faults) {
    if (moment[UNTIL] === undefined) continue;
    const before = last.get(kindOf(moment));
    if (before && moment[AT] <= before.ended) before.ended = Math.max(before.ended, moment[UNTIL]);
    else {
      const band = { i, kind: kindOf(moment), begun: moment[AT], ended: moment[UNTIL] };
      bands.push(band);
      last.set(band.kind, band);
    }
  }
}
