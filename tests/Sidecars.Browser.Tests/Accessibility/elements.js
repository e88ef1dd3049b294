/** What all checks share: findings, who is seen and heard, where an element stands, and what it is called. */
const findings = [];

function find(code, element, message) {
  findings.push(`${code}: ${where(element)}: ${message}`);
}

const all = (selector, within = document) => [...within.querySelectorAll(selector)];

/** Whether it is drawn. */
const seen = element => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });

/** Whether those who listen to a page meet it. */
const heard = element => element.checkVisibility({ visibilityProperty: true }) && !element.closest('[aria-hidden="true"]');

/** A selector that finds the element: from the nearest id, or from the root. */
function where(element) {
  const steps = [];
  for (let at = element; at; at = at.parentElement) {
    if (at.id && all(`#${CSS.escape(at.id)}`).length === 1) {
      steps.unshift(`#${CSS.escape(at.id)}`);
      break;
    }
    const alike = at.parentElement ? [...at.parentElement.children].filter(e => e.localName === at.localName) : [at];
    steps.unshift(alike.length === 1 ? at.localName : `${at.localName}:nth-of-type(${alike.indexOf(at) + 1})`);
  }
  return steps.join(' > ');
}

const collapse = text => (text ?? '').replace(/\s+/g, ' ').trim();

/** The elements that an attribute names by their ids. */
const named = (element, attribute) => (element.getAttribute(attribute) ?? '').split(/\s+/).filter(id => id !== '')
  .map(id => document.getElementById(id)).filter(e => e !== null);

/** An element's text as it is read aloud: what is hidden left out, pictures by their names. */
function textOf(element, except = null) {
  return collapse([...element.childNodes].map(node => {
    if (node.nodeType === Node.TEXT_NODE) return node.data;
    if (node.nodeType !== Node.ELEMENT_NODE || node === except || node.matches('[aria-hidden="true"], [hidden], script, style')) return '';
    return ` ${collapse(node.getAttribute('aria-label')) || (node.matches('img, svg, [role="img"]') ? nameOf(node) : textOf(node, except))} `;
  }).join(''));
}

const childText = (element, selector) => {
  const child = element.querySelector(`:scope > ${selector}`);
  return child ? textOf(child) : '';
};

const namedByContent = 'a, button, summary, option, h1, h2, h3, h4, h5, h6, td, th, [role="button"], [role="link"], [role="tab"], '
  + '[role="option"], [role="menuitem"], [role="checkbox"], [role="radio"], [role="switch"], [role="treeitem"], [role="tooltip"]';

/** What an element is called, by the ways that the accessible name computation knows; a placeholder is no name. */
function nameOf(element) {
  const ways = [
    () => named(element, 'aria-labelledby').map(e => collapse(e.getAttribute('aria-label')) || textOf(e)).join(' '),
    () => element.getAttribute('aria-label'),
    () => element.matches('input[type="submit"], input[type="reset"]') ? element.value || element.type : '',
    () => element.matches('input[type="button"]') ? element.value : '',
    () => [...element.labels ?? []].map(label => textOf(label, element)).join(' '),
    () => element.matches('img, area, input[type="image"]') ? element.alt : '',
    () => element.localName === 'svg' ? childText(element, 'title') : '',
    () => ({ fieldset: 'legend', table: 'caption', figure: 'figcaption' })[element.localName]
      ? childText(element, { fieldset: 'legend', table: 'caption', figure: 'figcaption' }[element.localName]) : '',
    () => element.matches(namedByContent) ? textOf(element) : '',
    () => element.getAttribute('title'),
  ];
  for (const way of ways) {
    const name = collapse(way());
    if (name !== '') return name;
  }
  return '';
}
