/**
 * Contrast of every text with what lies behind it: of pages and of SVG, of placeholders, of values in fields and of what
 * style sheets write before and after; also of what is disabled, which WCAG lets go. The browser tells what lies at a
 * point; the colours are put together here. What cannot be decided (a picture behind, a blend, a colour of another space)
 * is a finding as well.
 */
class Undecided extends Error { }

/** The colour under everything: the root's, else the body's, else the browser's own. */
function canvas() {
  const root = document.documentElement;
  for (const element of [root, document.body]) {
    const colour = element && colourOf(getComputedStyle(element).backgroundColor);
    if (colour?.[3] === 1) return colour;
  }
  const before = root.style.outlineColor;
  root.style.outlineColor = 'Canvas';
  const colour = colourOf(getComputedStyle(root).outlineColor);
  root.style.outlineColor = before;
  return colour;
}

/** A function that is asked the same of the same element many times, and works it out once. */
function once(work) {
  const known = new Map();
  return element => {
    if (!known.has(element)) known.set(element, work(element));
    return known.get(element);
  };
}

/** How much an element and those around it let through together. */
const opacity = once(element => {
  const { mixBlendMode, filter, opacity: own } = getComputedStyle(element);
  if (mixBlendMode !== 'normal' || filter !== 'none') throw new Undecided(`${where(element)} blends or filters`);
  return own * (element.parentElement ? opacity(element.parentElement) : 1);
});

function paint(text, alpha) {
  const colour = colourOf(text);
  if (colour === null) throw new Undecided(`the colour ${text}`);
  return faded(colour, alpha);
}

/** How many pixels of the screen one unit of the element is. */
const scaleOf = element => { const m = element.getScreenCTM(); return Math.sqrt(Math.abs(m.a * m.d - m.b * m.c)); };

function strokeWidth(element, style) {
  return parseFloat(style.strokeWidth) * (style.vectorEffect === 'non-scaling-stroke' ? 1 : scaleOf(element));
}

/** What an SVG shape paints at a point: its fill, or a stroke that is wide enough to be a ground and no mere line. */
function shapePaints(shape, x, y) {
  const style = getComputedStyle(shape), at = new DOMPoint(x, y).matrixTransform(shape.getScreenCTM().inverse());
  const paints = [];
  if (style.fill !== 'none' && shape.isPointInFill(at)) paints.push(paint(style.fill, style.fillOpacity * opacity(shape)));
  if (style.stroke !== 'none' && strokeWidth(shape, style) >= 3 && shape.isPointInStroke(at)) {
    paints.push(paint(style.stroke, style.strokeOpacity * opacity(shape)));
  }
  return paints;
}

/** What the box of an element is painted with, as sets of layers: one set, or one for each colour of a gradient. */
const boxLayers = once(element => {
  if (element.matches('img, video, canvas, iframe, object, embed')) throw new Undecided(`${where(element)} lies behind`);
  const { backgroundColor, backgroundImage, backgroundSize, backgroundRepeat } = getComputedStyle(element);
  const alpha = opacity(element), colour = paint(backgroundColor, alpha);
  const own = colour[3] > 0 ? [colour] : [];
  if (backgroundImage === 'none') return [own];
  if (backgroundImage.includes('url(')) throw new Undecided(`${where(element)} has a picture as its background`);
  const stops = backgroundImage.match(/(rgba?|color)\([^()]*\)/g).map(stop => [...own, paint(stop, alpha)]);
  return backgroundSize === 'auto' && backgroundRepeat === 'repeat' ? stops : [own, ...stops];
});

/** What an element paints at a point. */
function layersOf(element, x, y) {
  if (element instanceof SVGGeometryElement) return [shapePaints(element, x, y)];
  if (!(element instanceof SVGElement) || element.localName === 'svg') return boxLayers(element);
  if (element.matches('image, foreignObject')) throw new Undecided(`${where(element)} lies behind`);
  return [[]];
}

/** The colours that may lie behind an element at a point; null where it is not seen there. */
function groundsAt(element, x, y, base) {
  const pile = document.elementsFromPoint(x, y), at = pile.findIndex(e => e === element);
  if (at < 0 || pile.slice(0, at).some(e => !element.contains(e) && layersOf(e, x, y).flat().some(c => c[3] > 0))) return null;
  let grounds = [base];
  for (const below of pile.slice(at).reverse()) {
    grounds = grounds.flatMap(ground => layersOf(below, x, y).map(layers => layers.reduce((g, layer) => over(layer, g), ground)));
  }
  return grounds;
}

/** Text colour, and for SVG the halo that is painted round it first and then is what it stands on. */
function inkOf(element, style, alpha) {
  if (!(element instanceof SVGElement)) return { ink: paint(style.webkitTextFillColor, alpha), halo: null };
  const haloed = style.paintOrder.startsWith('stroke') && style.stroke !== 'none' && strokeWidth(element, style) >= 2;
  return {
    ink: paint(style.fill, style.fillOpacity * alpha),
    halo: haloed ? paint(style.stroke, style.strokeOpacity * alpha) : null,
  };
}

/** Points on a line of text, close enough together that no letter lies between two. */
function pointsOn({ left, top, width, height }) {
  const count = Math.min(Math.max(Math.ceil(width / 5), 3), 200);
  return Array.from({ length: count }, (_, i) => [left + width * (i + 0.5) / count, top + height * (0.35 + 0.3 * (i % 2))]);
}

/** What is there only to be heard: a text in a box of no size that lets nothing out. */
function isForEarsAlone(element) {
  for (let at = element; at; at = at.parentElement) {
    const { width, height } = at.getBoundingClientRect(), { overflowX } = getComputedStyle(at);
    if ((width <= 1 || height <= 1) && overflowX !== 'visible') return true;
  }
  return false;
}

function judge(element, pseudo, rects, words, base) {
  const boxes = () => rects().filter(r => r.width > 0 && r.height > 0);
  if (boxes().length === 0) return;
  const inWindow = r => r.left >= 0 && r.top >= 0 && r.right <= innerWidth && r.bottom <= innerHeight;
  if (!boxes().every(inWindow)) element.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });

  // A link that skips to the content stands beside the page until it has the focus.
  if (boxes().every(r => r.right + scrollX <= 0 || r.bottom + scrollY <= 0)) return;

  const style = getComputedStyle(element, pseudo), alpha = opacity(element) * (pseudo ? style.opacity : 1);
  const { ink, halo } = inkOf(element, style, alpha);
  const size = parseFloat(style.fontSize) * (element instanceof SVGElement ? scaleOf(element) : 1);
  const least = size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? 3 : 4.5;
  const grounds = new Map();
  for (const [x, y] of boxes().flatMap(pointsOn)) {
    for (const ground of groundsAt(element, x, y, base) ?? []) {
      const behind = halo ? over(halo, ground) : ground;
      grounds.set(hex(behind), behind);
    }
  }
  if (grounds.size === 0) throw new Undecided('it is covered, or outside of what scrolls');
  for (const ground of grounds.values()) {
    const seenInk = over(ink, ground), ratio = contrast(seenInk, ground);
    if (ratio < least) find('contrast', element, `${words}: ${hex(seenInk)} on ${hex(ground)} is ${shown(ratio)}, less than ${least}`);
  }
}

/** Everything that is read: elements with a text, and where it stands. */
function* texts() {
  const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, element = node.parentElement;
    if (collapse(node.data) === '' || element.closest('script, style, title, desc, noscript, textarea, select')) continue;
    if (!seen(element) || element.matches('details:not([open])') || isForEarsAlone(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    yield [element, null, () => [...range.getClientRects()], `"${collapse(node.data).slice(0, 40)}"`];
  }
  for (const field of all('input:not([type="radio"], [type="checkbox"], [type="range"], [type="hidden"]), textarea, select').filter(seen)) {
    const pseudo = field.value === '' && field.placeholder ? '::placeholder' : null;
    if (pseudo || field.value) yield [field, pseudo, () => [inner(field)], pseudo ? 'the placeholder' : 'the value'];
  }
  for (const element of all('*').filter(seen)) {
    for (const pseudo of ['::before', '::after']) {
      const content = /^"(.*)"/s.exec(getComputedStyle(element, pseudo).content)?.[1];
      if (content?.trim()) yield [element, pseudo, () => [...element.getClientRects()].slice(0, 1), `"${content.trim()}" of ${pseudo}`];
    }
  }
}

/** The upper left of a field, where its text begins. */
function inner(field) {
  const { left, top, width, height } = field.getBoundingClientRect();
  return new DOMRect(left + 2, top + 2, Math.max(width - 4, 1), Math.min(Math.max(height - 4, 1), 24));
}

function checkContrast() {
  const base = canvas(), scrolled = [document.scrollingElement ?? document.documentElement, ...all('*')].map(e => [e, e.scrollLeft, e.scrollTop]);
  for (const [element, pseudo, rects, words] of texts()) {
    try {
      judge(element, pseudo, rects, words, base);
    } catch (error) {
      if (!(error instanceof Undecided)) throw error;
      find('contrast', element, `${words} cannot be decided: ${error.message}`);
    }
  }
  for (const [element, left, top] of scrolled) {
    if (element.scrollLeft !== left || element.scrollTop !== top) element.scrollTo({ left, top, behavior: 'instant' });
  }
}
