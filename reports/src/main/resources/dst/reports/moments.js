// What the page knows: the moments, and which of them belong together.

const run = JSON.parse(document.getElementById('run').textContent);
// WORDS are for people alone. PAIR: the same for what begins and what ends it. HOW: how it settled, whether a host is down or up, which fault.
const AT = 0, WAY = 1, SORT = 2, WORDS = 3, OFFSET = 4, LENGTH = 5, TAG = 6, TRANSACTION = 7, PAIR = 8, HOW = 9, TOUCHES = 10, LASTS = 11;
const all = run.moments;
const byId = (id) => document.getElementById(id);
const text = (words) => String(words).replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]);
const seconds = (nanos) => (Math.floor(nanos / 1000) / 1e6).toFixed(6) + ' s';
const sort = (moment) => run.sorts[moment[SORT]];

// Who is where: at one lane, or on the way to another.
const ways = run.ways.map(([from, to]) => ({ from, to: to || null, words: to ? from + ' -> ' + to : from }));
const way = (moment) => ways[moment[WAY]];
const where = (moment) => way(moment).words;
const lanes = run.lanes.map((name) => ({
  name, y: 0, ops: 0, isClient: name.startsWith('client'), isDisk: name === 'disk',
}));
const lane = new Map(lanes.map((one) => [one.name, one]));

// What belongs together: a message and its arrival, a disk operation and its end, an operation and its outcome.
const arrows = [], operations = [], downs = [];
{
  const sent = new Map(), started = new Map(), open = new Map(), down = new Map();
  const push = (map, key, value) => { if (!map.has(key)) map.set(key, []); map.get(key).push(value); };
  // Of several that look alike the oldest one ended, unless it is so old that it must have been lost.
  const match = (map, key, now) => {
    const list = map.get(key);
    if (!list || !list.length) return null;
    const isLost = now - list[0].begun > 3 * (now - list[list.length - 1].begun);
    return isLost ? list.pop() : list.shift();
  };
  all.forEach((moment, i) => {
    const { from, to } = way(moment), kind = sort(moment);
    if (kind === 'MESSAGE') {
      const arrow = { i, end: null, from, to, begun: moment[AT], ended: null, disk: false };
      arrows.push(arrow);
      push(sent, moment[PAIR], arrow);
    } else if (kind === 'ARRIVAL') {
      const arrow = match(sent, moment[PAIR], moment[AT]);
      if (arrow) { arrow.end = i; arrow.ended = moment[AT]; }
    } else if (kind === 'DISK' && to === 'disk') {
      const arrow = { i, end: null, from, to, begun: moment[AT], ended: null, disk: true };
      arrows.push(arrow);
      push(started, moment[PAIR], arrow);
    } else if (kind === 'DISK' && to) {
      const arrow = match(started, moment[PAIR], moment[AT]);
      if (arrow) { arrow.end = i; arrow.ended = moment[AT]; }
    } else if (kind === 'SUBMITTED') {
      const operation = { i, end: null, lane: from, begun: moment[AT], ended: null, how: 'open', tag: moment[TAG], row: 0 };
      operations.push(operation);
      open.set(moment[TAG], operation);
    } else if (kind === 'OUTCOME') {
      const operation = open.get(moment[TAG]);
      if (operation) {
        open.delete(moment[TAG]);
        operation.end = i;
        operation.ended = moment[AT];
        operation.how = moment[HOW];
      }
    } else if (moment[HOW] === 'down') {
      down.set(from, moment[AT]);
    } else if (moment[HOW] === 'up' && down.has(from)) {
      downs.push({ lane: from, begun: down.get(from), ended: moment[AT] });
      down.delete(from);
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
// How long faults last: of one kind, what overlaps is one band.
const bands = [];
{
  const last = new Map();
  for (const { moment, i } of faults) {
    if (!moment[LASTS]) continue;
    const before = last.get(moment[HOW]), ended = moment[AT] + moment[LASTS];
    if (before && moment[AT] <= before.ended) before.ended = Math.max(before.ended, ended);
    else {
      const band = { i, kind: moment[HOW], begun: moment[AT], ended };
      bands.push(band);
      last.set(band.kind, band);
    }
  }
}
