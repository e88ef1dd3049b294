/** What cannot be used without a mouse, as far as the elements show it; a walk with the Tab key shows the rest. */

const usable = 'a[href], area[href], button, input:not([type="hidden"]), select, textarea, summary, iframe, [contenteditable=""], [contenteditable="true"]';

const widgets = ['button', 'link', 'checkbox', 'radio', 'switch', 'slider', 'spinbutton', 'textbox', 'searchbox', 'combobox', 'tab',
  'menuitem', 'option', 'treeitem'].map(role => `[role="${role}"]`).join(', ');

const focusable = element => element.tabIndex >= 0 && !element.disabled && (element.matches(usable) || element.hasAttribute('tabindex'));

/** What a reader needs the keyboard for: wider or higher than the box it scrolls in. */
function scrolls(element) {
  const { overflowX, overflowY } = getComputedStyle(element), can = value => value === 'auto' || value === 'scroll';
  return (can(overflowX) && element.scrollWidth > element.clientWidth + 1) || (can(overflowY) && element.scrollHeight > element.clientHeight + 1);
}

function checkKeyboard() {
  for (const element of all('[tabindex]')) {
    if (Number(element.getAttribute('tabindex')) > 0) find('keyboard', element, 'its tabindex puts it before what stands before it');
  }
  for (const element of all('[onclick], [onmousedown], [onpointerdown]').filter(seen)) {
    if (!focusable(element) && !element.matches('label')) find('keyboard', element, 'a mouse can use it, a keyboard cannot');
  }
  for (const element of all(widgets).filter(heard)) {
    const isLed = element.closest('[aria-activedescendant], [role="tablist"], [role="radiogroup"], [role="menu"], [role="listbox"], [role="tree"]');
    if (!focusable(element) && !element.matches(':disabled, [aria-disabled="true"]') && !isLed) {
      find('keyboard', element, `a ${element.getAttribute('role')} that cannot have the focus`);
    }
  }
  for (const element of all('[aria-hidden="true"]')) {
    for (const inner of [element, ...all('*', element)].filter(e => seen(e) && focusable(e))) {
      find('keyboard', inner, 'it can have the focus, and is hidden from those who listen');
    }
  }
  for (const element of all('a[href], button, summary, [role="button"], [role="link"], [role="img"]').filter(heard)) {
    const inner = all('*', element).find(focusable);
    if (inner) find('keyboard', inner, `it stands inside of a ${element.getAttribute('role') ?? element.localName}`);
  }
  for (const element of all('body *').filter(e => seen(e) && !e.matches('textarea, input, select, iframe') && scrolls(e))) {
    if (!focusable(element) && !all('*', element).some(focusable)) find('keyboard', element, 'it scrolls, and no key can move it');
  }
}
