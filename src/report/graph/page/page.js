'use strict';
(() => {
  const W = 208, H = 48, GAP = 10, ACROSS = 64, TOP = 8;
  const board = document.querySelector('.board');
  const cards = [...board.querySelectorAll('.card')];
  if (!cards.length) return;
  const numbers = text => text ? text.split(' ').map(Number) : [];
  const next = cards.map(card => numbers(card.dataset.to));
  const declared = cards.map(card => new Set(numbers(card.dataset.declared)));
  const before = cards.map(() => []);
  next.forEach((to, from) => to.forEach(at => before[at].push(from)));
  const feeds = cards.map(card => new Set(numbers(card.dataset.feeds)));
  const columns = [...board.querySelectorAll('.column')].map(column => ({
    title: column.dataset.title,
    members: [...column.querySelectorAll('.card')].map(card => cards.indexOf(card)),
  }));
  const more = [...board.querySelectorAll('.more')];
  const words = cards.map((card, at) => (card.textContent + more[at].textContent).toLowerCase());
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  board.prepend(svg);
  board.classList.add('live');
  const heads = document.querySelector('.heads');
  heads.classList.add('live-heads');
  const search = document.querySelector('input[type=search]');
  const found = document.querySelector('#found');
  const panel = document.querySelector('aside');
  const none = document.querySelector('.none');
  let ways = [], pinned = null, place = [0, 0];

  // Everything on the way through a card: what leads to it and what it leads to, of its own feeds where it has any.
  function way(start) {
    const own = feeds[start];
    const fits = at => !own.size || !feeds[at].size || [...feeds[at]].some(feed => own.has(feed));
    const seen = new Set([start]);
    for (const along of [next, before]) {
      const open = [start];
      while (open.length) for (const at of along[open.pop()]) if (!seen.has(at) && fits(at)) { seen.add(at); open.push(at); }
    }
    return seen;
  }

  // The nearest places to the wanted ones that keep the order and a distance: neighbours that want the same share it.
  function placed(wanted) {
    const blocks = [];
    wanted.forEach((want, n) => {
      blocks.push({ sum: want - n * (H + GAP), n: 1 });
      while (blocks.length > 1) {
        const last = blocks[blocks.length - 1], prior = blocks[blocks.length - 2];
        if (prior.sum / prior.n <= last.sum / last.n) break;
        blocks.splice(-2, 2, { sum: prior.sum + last.sum, n: prior.n + last.n });
      }
    });
    let n = 0;
    return blocks.flatMap(block => Array.from({ length: block.n }, () => block.sum / block.n + n++ * (H + GAP)));
  }

  function layout(shown) {
    const drawn = columns.map(column => ({ title: column.title, members: column.members.filter(at => shown.has(at)) })).filter(column => column.members.length);
    const y = [];
    drawn.forEach(column => column.members.forEach((at, n) => { y[at] = n * (H + GAP); }));
    const mean = (list, own) => { const there = list.filter(at => shown.has(at)); return there.length ? there.reduce((sum, at) => sum + y[at], 0) / there.length : own; };
    for (let round = 0; round < 8; round++) {
      const forward = round % 2 === 0;
      (forward ? drawn : [...drawn].reverse()).forEach(column => {
        const want = new Map(column.members.map(at => [at, mean(forward ? before[at] : next[at], mean(forward ? next[at] : before[at], y[at]))]));
        column.members.sort((a, b) => want.get(a) - want.get(b) || a - b);
        placed(column.members.map(at => want.get(at))).forEach((top, n) => { y[column.members[n]] = top; });
      });
    }
    const least = Math.min(...drawn.flatMap(column => column.members.map(at => y[at])), Infinity);
    const x = [];
    heads.replaceChildren();
    drawn.forEach((column, n) => {
      const left = n * (W + ACROSS);
      const head = document.createElement('span');
      head.textContent = column.title + ' ' + column.members.length;
      head.style.left = left + 20 + 'px';
      heads.append(head);
      column.members.forEach(at => { x[at] = left; y[at] += TOP - least; });
    });
    cards.forEach((card, at) => {
      card.classList.toggle('hidden', !shown.has(at));
      if (shown.has(at)) { card.style.left = x[at] + 'px'; card.style.top = y[at] + 'px'; }
    });
    const deepest = Math.max(...drawn.flatMap(column => column.members.map(at => y[at])), 0);
    board.style.width = Math.max(drawn.length * (W + ACROSS), 300) + 'px';
    board.style.height = deepest + H + 30 + 'px';
    ways = [];
    const parts = document.createDocumentFragment();
    next.forEach((to, from) => to.forEach(at => {
      if (!shown.has(from) || !shown.has(at)) return;
      const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
      const [x1, y1, x2, y2] = [x[from] + W, y[from] + H / 2, x[at], y[at] + H / 2];
      const bend = Math.max(30, Math.min(90, Math.abs(x2 - x1) / 2));
      path.setAttribute('d', `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`);
      if (declared[from].has(at)) path.classList.add('declared');
      parts.append(path);
      ways.push([from, at, path]);
    }));
    svg.replaceChildren(parts);
    none.classList.toggle('hidden', shown.size > 0);
  }

  function light(at) {
    board.classList.toggle('lit', at !== null);
    const on = at === null ? new Set() : way(at);
    cards.forEach((card, n) => card.classList.toggle('on', on.has(n)));
    ways.forEach(([from, to, path]) => path.classList.toggle('on', on.has(from) && on.has(to)));
  }

  // A chosen card leaves its own way alone on the page; what was seen before comes back behind it.
  function pin(at) {
    if (at === pinned) return;
    if (pinned === null) place = [scrollX, scrollY];
    pinned = at;
    cards.forEach((card, n) => card.classList.toggle('pinned', n === at));
    panel.classList.toggle('hidden', at === null);
    document.body.classList.toggle('chosen', at !== null);
    if (at !== null) panel.querySelector('div').replaceChildren(...more[at].cloneNode(true).childNodes);
    light(null);
    filter();
    if (at === null) scrollTo(...place); else scrollTo(0, 0);
  }

  function filter() {
    const asked = search.value.trim().toLowerCase();
    const isAsked = (card, at) => (!asked || words[at].includes(asked)) && (!found.checked || card.dataset.found);
    const shown = new Set();
    if (!asked && !found.checked) cards.forEach((_, at) => shown.add(at));
    else cards.forEach((card, at) => { if (isAsked(card, at)) way(at).forEach(one => shown.add(one)); });
    layout(pinned === null ? shown : way(pinned));
  }

  cards.forEach((card, at) => {
    card.addEventListener('mouseenter', () => light(at));
    card.addEventListener('mouseleave', () => light(null));
    card.addEventListener('focus', () => light(at));
    card.addEventListener('blur', () => light(null));
    card.addEventListener('click', event => { event.stopPropagation(); pin(pinned === at ? null : at); });
  });
  panel.addEventListener('click', event => event.stopPropagation());
  panel.querySelector('.close').addEventListener('click', () => pin(null));
  document.querySelector('main').addEventListener('click', () => pin(null));
  document.addEventListener('keydown', event => {
    if (event.key === 'Escape') pin(null);
    if (event.key === '/' && document.activeElement !== search) { event.preventDefault(); search.focus(); }
  });
  search.addEventListener('input', () => { pin(null); history.replaceState(null, '', search.value ? '#' + encodeURIComponent(search.value) : '#'); filter(); });
  found.addEventListener('change', filter);
  document.querySelector('#theme').addEventListener('click', () => {
    const root = document.documentElement;
    const isDark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
    root.dataset.theme = isDark ? 'light' : 'dark';
  });
  try { search.value = decodeURIComponent(location.hash.slice(1)); } catch { search.value = ''; }
  filter();
})();
