// The picture: hosts, messages, disk, operations and faults in time.

const tags = new Set(run.story.map((i) => all[i][TAG]).filter((tag) => tag !== 0));
// Without these the sentence cannot be understood: they are drawn and named however much else there is.
const needed = new Set(run.needed), named = new Set(run.needed.map((i) => all[i][TAG]).filter((tag) => tag !== 0));
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
  if (filter.host && way(moment).from !== filter.host && way(moment).to !== filter.host) return false;
  if (filter.tag && String(moment[TAG]) !== filter.tag && String(moment[TRANSACTION]) !== filter.tag) return false;
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
      out.push(`<text class="faultname" x="${x(moment[AT]) + 3}" y="27">${text(moment[HOW])}</text>`);
    }
  }
  let drawn = 0, left = 0;
  for (const operation of operations) {
    const its = lane.get(operation.lane);
    if (!its || !inView(operation.begun, operation.ended === null ? run.to : operation.ended) || !passes(all[operation.i])) continue;
    if (drawn++ > DRAWN_MAX && !named.has(operation.tag)) { left++; continue; }
    const a = Math.max(GUTTER, x(operation.begun)), b = Math.min(width, x(operation.ended === null ? run.to : operation.ended));
    const y = its.y - 22 - its.ops * 9 + operation.row * 9;
    const isChosen = chosen === operation.i || chosen === operation.end;
    out.push(`<rect class="hot op ${operation.how}${isChosen ? ' chosen' : ''}${dim(operation.i)}" data-i="${operation.i}" x="${a}" y="${y}" width="${Math.max(2, b - a)}" height="7"/>`);
    if (named.has(operation.tag) || (tags.has(operation.tag) && b - a > 24)) out.push(`<text class="tag" x="${a + 3}" y="${y + 6.5}">${operation.tag}</text>`);
  }
  for (const arrow of arrows) {
    const a = lane.get(arrow.from), b = lane.get(arrow.to);
    if (!a || !b || !inView(arrow.begun, arrow.ended) || !passes(all[arrow.i])) continue;
    if (drawn++ > DRAWN_MAX && !needed.has(arrow.i) && !needed.has(arrow.end)) { left++; continue; }
    const isChosen = chosen === arrow.i || (arrow.end !== null && chosen === arrow.end);
    out.push(`<g class="hot${isChosen ? ' chosen' : ''}${dim(arrow.i)}" data-i="${arrow.i}">` + shape(arrow, a, b) + '</g>');
  }
  all.forEach((moment, i) => {
    const kind = sort(moment), its = lane.get(way(moment).from);
    if (!its || way(moment).to || !inView(moment[AT], null)) return;
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
  show(run.window[0], run.window[1]);
}

const does = {
  culprit, all: () => show(run.from, run.to), in: () => zoom(0.5), out: () => zoom(2), left: () => pan(-0.3), right: () => pan(0.3),
};
document.querySelectorAll('[data-do]').forEach((button) => button.addEventListener('click', () => does[button.dataset.do]()));
