// What a person does with the page: choosing, moving about, filtering; and the lists beside the picture.

// One moment.
function rulesOf(moment) {
  const found = run.findings.filter((one) => one[0] === moment[AT]).map((one) => one[1]);
  return [...new Set([...found, ...run.touches[moment[TOUCHES]]])];
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
