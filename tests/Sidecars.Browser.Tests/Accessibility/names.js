/** Names: of everything that is used, shown as a picture, or led to. And the roles and states that are told with them. */

const mustBeNamed = 'button, a[href], area[href], summary, select, textarea, input:not([type="hidden"]), iframe, progress, meter, dialog[open], '
  + ['button', 'link', 'img', 'checkbox', 'radio', 'switch', 'slider', 'spinbutton', 'textbox', 'searchbox', 'combobox', 'listbox', 'tab',
    'option', 'menuitem', 'treeitem', 'progressbar', 'meter', 'dialog', 'alertdialog', 'tooltip', 'region']
    .map(role => `[role="${role}"]`).join(', ');

const roles = new Set(('alert alertdialog application article banner blockquote button caption cell checkbox code columnheader combobox '
  + 'complementary contentinfo definition deletion dialog document emphasis feed figure form generic grid gridcell group heading img '
  + 'insertion link list listbox listitem log main marquee math menu menubar menuitem menuitemcheckbox menuitemradio meter navigation '
  + 'none note option paragraph presentation progressbar radio radiogroup region row rowgroup rowheader scrollbar search searchbox '
  + 'separator slider spinbutton status strong subscript superscript switch tab table tablist tabpanel term textbox time timer toolbar '
  + 'tooltip tree treegrid treeitem').split(' '));

const states = new Set(('activedescendant atomic autocomplete busy checked colcount colindex colspan controls current describedby '
  + 'description details disabled errormessage expanded flowto haspopup hidden invalid keyshortcuts label labelledby level live modal '
  + 'multiline multiselectable orientation owns placeholder posinset pressed readonly relevant required roledescription rowcount '
  + 'rowindex rowspan selected setsize sort valuemax valuemin valuenow valuetext').split(' '));

/** Those of the states whose values are words. */
const truth = ['true', 'false'];
const words = {
  atomic: truth, busy: truth, disabled: truth, hidden: truth, modal: truth, multiline: truth, multiselectable: truth, readonly: truth,
  required: truth, expanded: truth, selected: truth, checked: [...truth, 'mixed'], pressed: [...truth, 'mixed'],
  live: ['off', 'polite', 'assertive'], current: [...truth, 'page', 'step', 'location', 'date', 'time'],
  sort: ['none', 'ascending', 'descending', 'other'], orientation: ['horizontal', 'vertical'],
};

/** What a role is nothing without. */
const needed = {
  checkbox: ['checked'], radio: ['checked'], switch: ['checked'], slider: ['valuenow'], scrollbar: ['valuenow', 'controls'],
  meter: ['valuenow'], heading: ['level'], combobox: ['expanded'], option: ['selected'],
};

/** Elements without a role, of which names are not read. */
const plain = 'div, span, p, b, i, em, strong, small, code, pre, sub, sup, mark, data, bdi, time, label, legend, caption';

function checkNames() {
  for (const element of all(mustBeNamed).filter(heard)) {
    if (nameOf(element) === '') find('name', element, 'it has no name');
  }
  for (const picture of all('svg').filter(heard)) {
    if (!picture.parentElement?.closest('svg, [role="img"]') && !picture.matches('[role="img"], [role="presentation"], [role="none"]')) {
      find('name', picture, 'a picture is named as one (role="img"), or hidden from those who listen');
    }
  }
  for (const element of all('[aria-label], [aria-labelledby]')) {
    if (element.matches(plain) && !element.hasAttribute('role')) find('role', element, 'its name is not read, for it has no role');
  }
  for (const field of all('input, select, textarea').filter(heard)) {
    if ((field.labels?.length ?? 0) > 1) find('name', field, 'it has several labels');
  }
}

function checkRoles() {
  for (const element of all('[role]')) {
    const role = element.getAttribute('role');
    if (!roles.has(role)) find('role', element, `there is no role ${role}`);
    for (const state of needed[role] ?? []) {
      if (!element.hasAttribute(`aria-${state}`) && !element.matches('input, option, meter')) find('role', element, `a ${role} needs aria-${state}`);
    }
  }
  for (const element of all('*')) {
    for (const { name, value } of element.attributes) {
      if (!name.startsWith('aria-')) continue;
      const state = name.slice(5);
      if (!states.has(state)) find('role', element, `there is no ${name}`);
      else if (words[state] && !words[state].includes(value)) find('role', element, `${name} cannot be "${value}"`);
    }
  }
}
