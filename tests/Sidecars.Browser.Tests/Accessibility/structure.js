/** What makes a page a structure and no heap: headings, landmarks, ids, lists, tables. */

function checkHeadings() {
  const headings = all('h1, h2, h3, h4, h5, h6, [role="heading"]').filter(heard);
  const level = heading => Number(heading.getAttribute('aria-level') ?? heading.localName[1]);
  const tops = headings.filter(heading => level(heading) === 1);
  if (tops.length !== 1) find('heading', tops[1] ?? document.body, `there are ${tops.length} of the first level, not one`);
  headings.forEach((heading, index) => {
    if (textOf(heading) === '') find('heading', heading, 'it is empty');
    const before = index === 0 ? 0 : level(headings[index - 1]);
    if (level(heading) > before + 1) find('heading', heading, `level ${level(heading)} follows level ${before}`);
  });
}

/** The landmark that an element is; nothing if it is none. */
function landmarkOf(element) {
  const given = element.getAttribute('role');
  if (given !== null) return /^(banner|complementary|contentinfo|form|main|navigation|region|search)$/.test(given) ? given : undefined;
  const inside = element.parentElement?.closest('article, aside, main, nav, section');
  const isNamed = element.matches('[aria-label], [aria-labelledby]');
  return {
    main: 'main', nav: 'navigation', aside: 'complementary', search: 'search', form: isNamed ? 'form' : undefined,
    section: isNamed ? 'region' : undefined, header: inside ? undefined : 'banner', footer: inside ? undefined : 'contentinfo',
  }[element.localName];
}

function checkLandmarks() {
  const landmarks = all('*').filter(heard).map(element => [element, landmarkOf(element)]).filter(([, role]) => role);
  const mains = landmarks.filter(([, role]) => role === 'main');
  if (mains.length !== 1) find('landmark', mains[1]?.[0] ?? document.body, `there are ${mains.length} of the role main, not one`);
  const known = new Set();
  for (const [element, role] of landmarks) {
    const name = nameOf(element);
    if (known.has(`${role} ${name}`)) find('landmark', element, `another ${role} is called "${name}" too`);
    known.add(`${role} ${name}`);
    const around = landmarks.find(([other]) => other !== element && other.contains(element));
    if (around && /^(banner|contentinfo|main)$/.test(role)) find('landmark', element, `a ${role} stands inside of a ${around[1]}`);
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = collapse(walker.currentNode.data);
    if (text === '' || element.closest('script, style, template, noscript, a[href^="#"]') || !heard(element)) continue;
    if (!landmarks.some(([landmark]) => landmark.contains(element))) find('landmark', element, `"${text.slice(0, 40)}" stands outside of all`);
  }
}

function checkIds() {
  const ids = new Set();
  for (const element of all('[id]')) {
    if (ids.has(element.id)) find('id', element, `another element has the id ${element.id} too`);
    ids.add(element.id);
  }
  for (const attribute of ['for', 'headers', 'list', 'form', 'aria-activedescendant', 'aria-controls', 'aria-describedby', 'aria-details',
    'aria-errormessage', 'aria-flowto', 'aria-labelledby', 'aria-owns']) {
    for (const element of all(`[${attribute}]`)) {
      for (const id of element.getAttribute(attribute).split(/\s+/)) {
        if (!ids.has(id)) find('id', element, `${attribute} names ${id || 'nothing'}, which is not there`);
      }
    }
  }
  for (const link of all('a[href^="#"]')) {
    const id = decodeURIComponent(link.getAttribute('href').slice(1));
    if (id === '' || !ids.has(id)) find('id', link, `it leads to ${id || 'nothing'}, which is not there`);
  }
}

function checkLists() {
  const parents = { li: 'ul, ol, menu, [role="list"]', dt: 'dl, dl > div', dd: 'dl, dl > div' };
  for (const [item, parent] of Object.entries(parents)) {
    for (const element of all(item)) {
      if (!element.parentElement.matches(parent)) find('list', element, `${item} stands in no list`);
    }
  }
  for (const list of all('ul, ol, dl')) {
    for (const child of list.children) {
      if (!child.matches(list.localName === 'dl' ? 'dt, dd, div, script, template' : 'li, script, template')) {
        find('list', child, `${child.localName} is no item of a list`);
      }
    }
  }
}

/** The cells of a table by row and column, each in all places that it spans. */
function gridOf(table) {
  const grid = [];
  [...table.rows].forEach((row, y) => {
    let x = 0;
    for (const cell of row.cells) {
      while (grid[y]?.[x]) x++;
      for (let i = 0; i < cell.rowSpan; i++) for (let j = 0; j < cell.colSpan; j++) (grid[y + i] ??= [])[x + j] = cell;
    }
  });
  return grid;
}

/** Whether a cell is told with a heading, and whether each heading says of what it is one where that could be either. */
function checkTables() {
  for (const table of all('table').filter(heard)) {
    const grid = gridOf(table), isHeading = cell => cell?.localName === 'th';
    const isOf = (cell, ...scopes) => isHeading(cell) && (cell.scope === '' || scopes.includes(cell.scope));
    const bothWays = grid.filter(row => row.some(isHeading)).length > 1 && grid.some(row => row.filter(isHeading).length > 1);
    grid.forEach((row, y) => row.forEach((cell, x) => {
      if (grid[y - 1]?.[x] === cell || row[x - 1] === cell) return;
      if (isHeading(cell)) {
        if (textOf(cell) === '') find('table', cell, 'a heading without words');
        if (bothWays && !cell.scope) find('table', cell, 'a heading that does not say whether it is of a row or of a column');
        return;
      }
      const isEmptyCorner = textOf(cell) === '' && x === 0 && y === 0;
      const headed = row.some(c => isOf(c, 'row', 'rowgroup')) || grid.some(r => isOf(r[x], 'col', 'colgroup'))
        || cell.closest('tbody')?.querySelector('th[scope="rowgroup"]');
      if (!headed && !isEmptyCorner) find('table', cell, 'no heading is told with this cell');
    }));
  }
}

/** Pages that cannot be made larger, or that leave by themselves. */
function checkMeta() {
  const content = document.querySelector('meta[name="viewport"]')?.content ?? '';
  const most = /maximum-scale\s*=\s*([\d.]+)/.exec(content)?.[1];
  if (/user-scalable\s*=\s*(no|0)/.test(content) || (most && Number(most) < 2)) {
    find('zoom', document.querySelector('meta[name="viewport"]'), 'the page cannot be made larger');
  }
}
