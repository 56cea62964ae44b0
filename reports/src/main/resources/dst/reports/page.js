'use strict';
(() => {
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

  const tags = new Set(run.story.map((i) => all[i][TAG]).filter((tag) => tag !== 0));
  // Beside an operation of the story the others step back.
  const dim = (i) => (tags.size && !tags.has(all[i][TAG]) ? ' dim' : '');

  // The view.
  const svg = byId('timeline'), overview = byId('overview');
  const GUTTER = 76, CACHE = 34;
  let from = run.from, to = run.to, chosen = -1;
  const filter = { host: '', tag: '', offset: '' };
  const wide = () => Math.max(320, svg.clientWidth || 1000);
  const x = (at) => GUTTER + ((at - from) / Math.max(1, to - from)) * (wide() - GUTTER - 8);

  let height = 0;
  (function layout() {
    let y = 34;
    for (const one of lanes) {
      if (one.ops) y += one.ops * 9 + 6;
      y += 22;
      one.y = y;
      y += one.isDisk ? (run.unflushed.length ? 18 + CACHE : 18) : 44;
    }
    height = y + 4;
    svg.style.height = height + 'px';
  })();

  function passes(moment) {
    if (filter.host && !where(moment).split(' -> ').includes(filter.host)) return false;
    if (filter.tag && String(moment[TAG]) !== filter.tag && !new RegExp('\\b(read|write|zero|trim|flush|transaction) ' + filter.tag + '\\b').test(moment[WORDS])) return false;
    if (filter.offset !== '') {
      const at = Number(filter.offset);
      if (!(moment[LENGTH] > 0 && at >= moment[OFFSET] && at < moment[OFFSET] + moment[LENGTH])) return false;
    }
    return true;
  }

  const DRAWN_MAX = 2500;
  function draw() {
    const out = [], width = wide();
    const inView = (begun, ended) => begun <= to && (ended === null ? begun : ended) >= from;
    svg.setAttribute('viewBox', '0 0 ' + width + ' ' + height);
    const step = niceStep((to - from) / Math.max(2, Math.floor((width - GUTTER) / 110)));
    for (let at = Math.ceil(from / step) * step; at <= to; at += step) {
      out.push(`<line class="grid" x1="${x(at)}" x2="${x(at)}" y1="16" y2="${height}"/><text class="faint" x="${x(at) + 3}" y="12">${label(at, step)}</text>`);
    }
    out.push(`<clipPath id="clip"><rect x="${GUTTER}" y="0" width="${width - GUTTER}" height="${height}"/></clipPath>`);
    for (const one of lanes) {
      out.push(`<line class="lane" x1="${GUTTER}" x2="${width}" y1="${one.y}" y2="${one.y}"/><text class="name" x="6" y="${one.y + 4}">${text(one.name)}</text>`);
      if (one.ops) out.push(`<text class="faint" x="6" y="${one.y - 18}">operations</text>`);
      if (one.isDisk && run.unflushed.length) out.push(`<text class="faint" x="6" y="${one.y + CACHE + 2}">unflushed</text>`);
    }
    out.push('<g clip-path="url(#clip)">');
    for (const down of downs) {
      const its = lane.get(down.lane);
      if (its && inView(down.begun, down.ended)) {
        const a = Math.max(GUTTER, x(down.begun)), b = Math.min(width, x(down.ended));
        out.push(`<rect class="downtime" x="${a}" width="${Math.max(1, b - a)}" y="${its.y - 9}" height="18"/>`);
      }
    }
    for (const band of bands) {
      if (!inView(band.begun, band.ended)) continue;
      const a = Math.max(GUTTER, x(band.begun)), b = Math.min(width, x(band.ended));
      out.push(`<rect class="hot band${band.i === chosen ? ' chosen' : ''}" data-i="${band.i}" x="${a}" width="${Math.max(1, b - a)}" y="18" height="${height - 18}"/>`);
    }
    drawCache(out, width);
    let faultNames = 0, lastName = -1e9;
    for (const { moment, i } of faults) {
      if (!inView(moment[AT], null)) continue;
      out.push(`<g class="hot${i === chosen ? ' chosen' : ''}" data-i="${i}"><line class="faultline" x1="${x(moment[AT])}" x2="${x(moment[AT])}" y1="18" y2="${height}"/><line class="hit" x1="${x(moment[AT])}" x2="${x(moment[AT])}" y1="18" y2="34"/></g>`);
      if (x(moment[AT]) - lastName > 90 && faultNames++ < 40) {
        lastName = x(moment[AT]);
        out.push(`<text class="faultname" x="${x(moment[AT]) + 3}" y="27">${text(kindOf(moment))}</text>`);
      }
    }
    let drawn = 0, left = 0;
    for (const operation of operations) {
      const its = lane.get(operation.lane);
      if (!its || !inView(operation.begun, operation.ended === null ? run.to : operation.ended) || !passes(all[operation.i])) continue;
      if (drawn++ > DRAWN_MAX) { left++; continue; }
      const a = Math.max(GUTTER, x(operation.begun)), b = Math.min(width, x(operation.ended === null ? run.to : operation.ended));
      const y = its.y - 22 - its.ops * 9 + operation.row * 9;
      const isChosen = chosen === operation.i || chosen === operation.end;
      out.push(`<rect class="hot op ${operation.how}${isChosen ? ' chosen' : ''}${dim(operation.i)}" data-i="${operation.i}" x="${a}" y="${y}" width="${Math.max(2, b - a)}" height="7"/>`);
      if (tags.has(operation.tag) && b - a > 24) out.push(`<text class="tag" x="${a + 3}" y="${y + 6.5}">${operation.tag}</text>`);
    }
    for (const arrow of arrows) {
      const a = lane.get(arrow.from), b = lane.get(arrow.to);
      if (!a || !b || !inView(arrow.begun, arrow.ended) || !passes(all[arrow.i])) continue;
      if (drawn++ > DRAWN_MAX) { left++; continue; }
      const isChosen = chosen === arrow.i || (arrow.end !== null && chosen === arrow.end);
      out.push(`<g class="hot${isChosen ? ' chosen' : ''}${dim(arrow.i)}" data-i="${arrow.i}">` + shape(arrow, a, b) + '</g>');
    }
    all.forEach((moment, i) => {
      const kind = sort(moment), its = lane.get(ways[moment[WHERE]].from);
      if (!its || ways[moment[WHERE]].to || !inView(moment[AT], null)) return;
      if (kind === 'BOOT') out.push(`<line class="boot hot${i === chosen ? ' chosen' : ''}" data-i="${i}" x1="${x(moment[AT])}" x2="${x(moment[AT])}" y1="${its.y - 8}" y2="${its.y + 8}"/>`);
      else if (kind === 'PROCESS') out.push(`<circle class="dot hot${i === chosen ? ' chosen' : ''}" data-i="${i}" cx="${x(moment[AT])}" cy="${its.y}" r="3.5"/>`);
    });
    if (run.guilty >= 0 && inView(all[run.guilty][AT], null)) {
      const at = x(all[run.guilty][AT]);
      out.push(`<line class="guiltyline" x1="${at}" x2="${at}" y1="16" y2="${height}"/><text class="guiltyname" x="${at + 4}" y="${height - 6}">${text(run.rule)}</text>`);
    }
    out.push('</g>');
    svg.innerHTML = out.join('');
    byId('drawn').textContent = left ? `${left.toLocaleString('en')} more in this part: zoom in` : '';
    drawOverview();
  }

  // What a power cut may take, below the disk that holds it.
  function drawCache(out, width) {
    const disk = lane.get('disk');
    if (!disk || !run.unflushed.length) return;
    const most = Math.max(1, ...run.unflushed.map((one) => one[1])), foot = disk.y + 12 + CACHE - 8, of = (bytes) => foot - (CACHE - 14) * bytes / most;
    let path = `M${x(run.from)} ${foot}`;
    for (const [at, bytes] of run.unflushed) path += `H${x(at)}V${of(bytes)}`;
    out.push(`<path class="cache" d="${path}H${Math.min(width, x(run.to))}V${foot}Z"><title>written and not yet flushed: at most ${most.toLocaleString('en')} bytes</title></path>`);
  }

  function shape(arrow, a, b) {
    const x1 = x(arrow.begun), y1 = a.y, y2 = b.y;
    if (arrow.disk) {
      const x2 = x(arrow.ended === null ? Math.min(to, arrow.begun + (to - from) / 60) : arrow.ended);
      return `<line class="disk" x1="${x1}" y1="${y1}" x2="${x1}" y2="${y2}"/><line class="disk" x1="${x1}" y1="${y2}" x2="${x2}" y2="${y2}"/>`
        + (arrow.ended === null ? '' : `<line class="disk" x1="${x2}" y1="${y2}" x2="${x2}" y2="${y1}" stroke-dasharray="2 2"/>`)
        + `<path class="hit" d="M${x1} ${y1}V${y2}H${x2}"/>`;
    }
    if (arrow.ended === null) {
      const x2 = x1 + 10, y = y1 + (y2 - y1) * 0.45;
      return `<line class="arrow lost" x1="${x1}" y1="${y1}" x2="${x2}" y2="${y}"/><path class="cross" d="M${x2 - 3} ${y - 3}l6 6m0 -6l-6 6"/><line class="hit" x1="${x1}" y1="${y1}" x2="${x2}" y2="${y}"/>`;
    }
    const x2 = x(arrow.ended), turn = Math.atan2(y2 - y1, x2 - x1), w = 4;
    const tip = [[0, 0], [-8, -w], [-8, w]].map(([u, v]) => `${(x2 + u * Math.cos(turn) - v * Math.sin(turn)).toFixed(1)},${(y2 + u * Math.sin(turn) + v * Math.cos(turn)).toFixed(1)}`).join(' ');
    return `<line class="arrow" x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}"/><polygon class="tip" points="${tip}"/><line class="hit" x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}"/>`;
  }

  function niceStep(raw) {
    const power = Math.pow(10, Math.floor(Math.log10(Math.max(1, raw))));
    return [1, 2, 5, 10].map((n) => n * power).find((n) => n >= raw) || 10 * power;
  }
  function label(at, step) {
    const digits = Math.max(0, Math.min(9, 9 - Math.floor(Math.log10(step))));
    return (at / 1e9).toFixed(digits) + ' s';
  }

  function drawOverview() {
    const width = wide(), bins = run.overview, most = Math.max(1, ...bins), at = (t) => ((t - run.from) / Math.max(1, run.to - run.from)) * width;
    overview.setAttribute('viewBox', `0 0 ${width} 46`);
    const bar = width / bins.length;
    let out = bins.map((n, i) => n ? `<rect x="${i * bar}" width="${Math.max(0.6, bar - 0.4)}" y="${44 - 36 * Math.sqrt(n / most)}" height="${36 * Math.sqrt(n / most)}" fill="var(--line)"/>` : '').join('');
    for (const band of bands) out += `<rect class="band" x="${at(band.begun)}" width="${Math.max(1, at(band.ended) - at(band.begun))}" y="0" height="46"/>`;
    for (const { moment } of faults) out += `<line class="faultline" x1="${at(moment[AT])}" x2="${at(moment[AT])}" y1="0" y2="8"/>`;
    if (run.guilty >= 0) out += `<line class="guiltyline" x1="${at(all[run.guilty][AT])}" x2="${at(all[run.guilty][AT])}" y1="0" y2="46"/>`;
    out += `<rect x="${at(from)}" width="${Math.max(3, at(to) - at(from))}" y="1" height="44" fill="var(--message)" opacity=".16" stroke="var(--message)"/>`;
    overview.innerHTML = out;
  }

  function show(a, b) {
    const least = Math.max(1000, (run.to - run.from) / 1e6);
    if (b - a < least) { const mid = (a + b) / 2; a = mid - least / 2; b = mid + least / 2; }
    const length = Math.min(b - a, run.to - run.from);
    from = Math.max(run.from, Math.min(a, run.to - length));
    to = from + length;
    draw();
  }
  function zoom(by, around) {
    const at = around === undefined ? (chosen >= 0 ? all[chosen][AT] : (from + to) / 2) : around;
    show(at - (at - from) * by, at + (to - at) * by);
  }
  const pan = (share) => show(from + (to - from) * share, to + (to - from) * share);
  function culprit() {
    if (run.guilty < 0) return show(run.from, run.to);
    const at = all[run.guilty][AT], told = run.story.map((i) => all[i][AT]).filter((t) => t <= at);
    const near = told.slice(-6)[0], room = Math.max((at - near) * 1.3, (run.to - run.from) / 200, 2000);
    show(at - room, at + room * 0.25);
  }

  const does = {
    culprit, all: () => show(run.from, run.to), in: () => zoom(0.5), out: () => zoom(2), left: () => pan(-0.3), right: () => pan(0.3),
  };
  document.querySelectorAll('[data-do]').forEach((button) => button.addEventListener('click', () => does[button.dataset.do]()));

  // One moment.
  function rulesOf(moment) {
    const found = run.findings.filter((one) => one[0] === moment[AT]).map((one) => one[1]);
    const words = moment[WORDS].replace(/^arrived: /, '');
    for (const [begins, rules] of run.touches) if (words.startsWith(begins)) found.push(...rules);
    return [...new Set(found)];
  }
  function choose(i, move) {
    chosen = i;
    const moment = all[i];
    document.querySelectorAll('.story li').forEach((li) => li.classList.toggle('chosen', Number(li.dataset.i) === i));
    if (move && (moment[AT] < from || moment[AT] > to)) show(moment[AT] - (to - from) / 2, moment[AT] + (to - from) / 2);
    else draw();
    const range = moment[LENGTH] ? ` · bytes ${moment[OFFSET].toLocaleString('en')} to ${(moment[OFFSET] + moment[LENGTH] - 1).toLocaleString('en')}` : '';
    const pair = arrows.find((arrow) => arrow.i === i || arrow.end === i) || operations.find((one) => one.i === i || one.end === i);
    let took = '';
    if (pair && pair.end !== null) took = ` · ${seconds(all[pair.end][AT] - all[pair.i][AT])} between begin and end`;
    else if (pair) took = pair.how === 'open' ? ' · never settled' : ' · never arrived';
    const other = pair && pair.end !== null ? all[pair.i === i ? pair.end : pair.i] : null;
    const rules = rulesOf(moment).map((rule) => `<b>${text(rule)}</b> ${text(run.rules[rule] || '')}`).join(' · ');
    byId('detail').innerHTML = `<div><b>${seconds(moment[AT])}</b> · ${text(where(moment))}${range}${took}</div><code>${text(moment[WORDS])}</code>`
      + (other ? `<div><code>${seconds(other[AT])} ${text(other[WORDS])}</code></div>` : '')
      + (i === run.guilty ? `<div><b>This is the step that broke ${text(run.rule)}.</b> ${text(run.sentence)}</div>` : rules ? `<div>${rules}</div>` : '');
  }
  const target = (event) => { const hot = event.target.closest('[data-i]'); return hot ? Number(hot.dataset.i) : -1; };
  svg.addEventListener('click', (event) => { const i = target(event); if (i >= 0 && !dragged) choose(i, false); });
  // Beside the pointer: what it is, and the rules that it is about.
  const hint = byId('hint');
  svg.addEventListener('mousemove', (event) => {
    const i = target(event);
    hint.hidden = i < 0;
    if (i < 0) return;
    const rules = rulesOf(all[i]).join(', ');
    hint.textContent = `${seconds(all[i][AT])}  ${where(all[i])}  ${all[i][WORDS]}${rules ? '  (' + rules + ')' : ''}`;
    hint.style.left = Math.min(event.clientX + 14, window.innerWidth - hint.offsetWidth - 8) + 'px';
    hint.style.top = event.clientY + 16 + 'px';
  });
  svg.addEventListener('mouseleave', () => { hint.hidden = true; });

  // Moving about.
  let drag = null, dragged = false;
  svg.addEventListener('pointerdown', (event) => { drag = { x: event.clientX, from, to }; dragged = false; });
  window.addEventListener('pointermove', (event) => {
    if (!drag) return;
    const by = event.clientX - drag.x;
    if (Math.abs(by) > 4) dragged = true;
    if (dragged) { const span = drag.to - drag.from, shift = (by / (wide() - GUTTER)) * span; show(drag.from - shift, drag.to - shift); }
  });
  window.addEventListener('pointerup', () => { drag = null; });
  svg.addEventListener('wheel', (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.shiftKey) return;
    event.preventDefault();
    const at = from + ((event.offsetX - GUTTER) / (wide() - GUTTER)) * (to - from);
    zoom(event.deltaY < 0 || event.deltaX < 0 ? 0.8 : 1.25, at);
  }, { passive: false });
  let choosing = null;
  const overviewTime = (event) => run.from + ((event.clientX - overview.getBoundingClientRect().left) / wide()) * (run.to - run.from);
  overview.addEventListener('pointerdown', (event) => { choosing = overviewTime(event); });
  window.addEventListener('pointerup', (event) => {
    if (choosing === null) return;
    const other = overviewTime(event), a = Math.min(choosing, other), b = Math.max(choosing, other);
    choosing = null;
    if (b - a < (run.to - run.from) / 200) show(a - (to - from) / 2, a + (to - from) / 2); else show(a, b);
  });
  document.addEventListener('keydown', (event) => {
    if (/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) || event.ctrlKey || event.metaKey || event.altKey) return;
    const next = (by) => {
      let i = chosen < 0 ? (run.guilty >= 0 ? run.guilty : 0) - by : chosen;
      do { i += by; } while (i >= 0 && i < all.length && !passes(all[i]));
      if (i >= 0 && i < all.length) choose(i, true);
    };
    const keys = { '+': does.in, '=': does.in, '-': does.out, ArrowLeft: does.left, ArrowRight: does.right, '0': does.all, v: culprit, n: () => next(1), p: () => next(-1) };
    if (keys[event.key]) { keys[event.key](); event.preventDefault(); }
  });

  // The story, the list, the filters.
  byId('story').hidden = run.story.length === 0;
  document.querySelector('.story').innerHTML = run.story.map((i) =>
    `<li tabindex="0" role="button" data-i="${i}" class="${i === run.guilty ? 'guilty' : sort(all[i]) === 'FAULT' ? 'fault' : ''}"><span class="at">${seconds(all[i][AT])}</span><span class="where">${text(where(all[i]))}</span><span>${text(all[i][WORDS])}</span></li>`).join('');
  document.querySelector('.story').addEventListener('click', (event) => { const i = target(event); if (i >= 0) choose(i, true); });
  document.querySelector('.story').addEventListener('keydown', (event) => { if (event.key === 'Enter' || event.key === ' ') { const i = target(event); if (i >= 0) { choose(i, true); event.preventDefault(); } } });
  const LISTED = 400;
  const table = document.querySelector('#moments tbody');
  function list() {
    const passing = [];
    all.forEach((moment, i) => { if (passes(moment)) passing.push(i); });
    let middle = run.guilty >= 0 ? passing.findIndex((i) => i >= run.guilty) : 0;
    if (middle < 0) middle = passing.length;
    const first = Math.max(0, Math.min(middle - LISTED + 60, passing.length - LISTED)), some = passing.slice(first, first + LISTED);
    byId('listed').textContent = `${some.length.toLocaleString('en')} of ${passing.length.toLocaleString('en')}${filter.host || filter.tag || filter.offset !== '' ? ' that pass the filter' : ''}${run.guilty >= 0 ? ', around the violation' : ''}. ${run.leftOut}`;
    table.innerHTML = some.map((i) => `<tr data-i="${i}"${i === run.guilty ? ' class="guilty"' : ''}><td>${seconds(all[i][AT])}</td><td>${text(where(all[i]))}</td><td>${text(all[i][WORDS])}</td></tr>`).join('');
  }
  table.addEventListener('click', (event) => { const i = target(event); if (i >= 0) { choose(i, true); svg.scrollIntoView({ block: 'center' }); } });
  byId('host').insertAdjacentHTML('beforeend', run.lanes.map((name) => `<option>${text(name)}</option>`).join(''));
  byId('host').addEventListener('change', (event) => { filter.host = event.target.value; draw(); list(); });
  for (const [id, name] of [['operation', 'tag'], ['offset', 'offset']]) {
    byId(id).addEventListener('input', (event) => { filter[name] = /^\d*$/.test(event.target.value.trim()) ? event.target.value.trim() : ''; draw(); list(); });
  }
  const copy = document.querySelector('[data-copy]');
  if (copy) {
    copy.addEventListener('click', async () => {
      try { await navigator.clipboard.writeText(copy.dataset.copy); copy.textContent = 'Copied'; } catch { copy.textContent = 'Select it and copy'; }
    });
  }
  const load = byId('load');
  if (load) {
    const draws = () => {
      const width = Math.max(300, load.clientWidth), bins = run.load, most = Math.max(1, ...bins.map((bin) => bin[0])), slowest = Math.max(1, ...bins.map((bin) => bin[1])), bar = width / bins.length;
      load.setAttribute('viewBox', `0 0 ${width} 130`);
      const at = (t) => ((t - run.from) / Math.max(1, run.to - run.from)) * width;
      load.innerHTML = bins.map((bin, i) => `<rect class="bar" x="${i * bar}" width="${Math.max(1, bar - 1)}" y="${118 - 92 * bin[0] / most}" height="${92 * bin[0] / most}"/>`).join('')
        + bands.map((band) => `<rect class="band" x="${at(band.begun)}" width="${Math.max(1, at(band.ended) - at(band.begun))}" y="14" height="104"/>`).join('')
        + faults.map(({ moment }) => `<line class="faultline" x1="${at(moment[AT])}" x2="${at(moment[AT])}" y1="14" y2="118"/>`).join('')
        + `<polyline class="slow" points="${bins.map((bin, i) => `${(i + 0.5) * bar},${118 - 92 * bin[1] / slowest}`).join(' ')}"/>`
        + `<text x="4" y="11">at most ${most} operations settled in ${seconds((run.to - run.from) / bins.length)}; the line: the slowest of them, at most ${seconds(slowest)}</text>`;
    };
    draws();
    window.addEventListener('resize', draws);
  }
  window.addEventListener('resize', draw);
  if (run.guilty < 0) {
    document.querySelector('[data-do=culprit]').hidden = true;
    byId('detail').textContent = 'Choose a message, an operation or a moment to see what it was.';
  }
  list();
  culprit();
  if (run.guilty >= 0) choose(run.guilty, false);
  document.documentElement.dataset.ready = 'yes';
})();
