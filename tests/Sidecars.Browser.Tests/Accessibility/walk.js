/** For a walk with the Tab key: where the focus may come to, and where it is. */

/** What Tab has to reach: of radio buttons that belong together it reaches one. */
function stops() {
  return all('*').filter(e => focusable(e) && e.checkVisibility({ visibilityProperty: true }))
    .filter(e => !(e.type === 'radio' && e.name && !e.checked && all('input[type="radio"]').some(r => r.name === e.name && r.form === e.form && r.checked)));
}

/** The element with the focus, by its selector, and what is wrong with how it is shown; null where nothing has it. */
function focus() {
  const element = document.activeElement;
  if (element === null || element === document.body || element === document.documentElement) return null;
  const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(element), box = element.getBoundingClientRect();
  const flaws = [];
  if (element.localName !== 'iframe') {
    if (!element.matches(':focus-visible') || outlineStyle === 'none' || parseFloat(outlineWidth) === 0) flaws.push('the focus has no outline');
    else if ((colourOf(outlineColor)?.[3] ?? 0) === 0) flaws.push('the outline of the focus has no colour');
  }
  if (box.right <= 0 || box.bottom <= 0 || box.left >= innerWidth || box.top >= innerHeight || box.width === 0 || box.height === 0) {
    flaws.push('it has the focus and is not on the screen');
  }
  return [where(element), ...flaws];
}
