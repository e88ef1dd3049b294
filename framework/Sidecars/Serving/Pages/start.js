
/** What a model takes or gives, in one line; a long list waits behind its length. */
function tensors(list, what) {
  if (list.length === 0) return 'not declared';
  const items = make('ul', { className: 'tensors' }, ...list.map(t => make('li', {},
    t.name, ' ', make('code', {}, `${t.datatype} [${t.shape.map(d => d < 0 ? 'n' : d).join(', ')}]`))));
  return list.length <= 8 ? items : make('details', {}, make('summary', {}, `${list.length} ${what}`), items);
}

/** The template's copy for one model, with ids and labels of its own. Gives a function that finds its parts by their first ids. */
function place(index, model) {
  const copy = document.getElementById('model').content.cloneNode(true), parts = {};
  for (const element of copy.querySelectorAll('*')) {
    for (const name of ['id', 'for', 'aria-labelledby', 'aria-describedby']) {
      const value = element.getAttribute(name);
      if (value === null) continue;
      if (name === 'id') parts[value] = element;
      element.setAttribute(name, value.split(' ').map(id => `${id}-${index}`).join(' '));
    }
    if (element.hasAttribute('aria-label')) element.setAttribute('aria-label', `${element.getAttribute('aria-label')}: ${model}`);
    if (element.type === 'radio') element.name += `-${index}`;
  }
  document.getElementById('models').append(copy);
  return name => parts[name];
}

async function showReady(model, state) {
  try {
    const answer = await fetch(`${home}v2/models/${encodeURIComponent(model.name)}/ready`);
    state.textContent = answer.ok ? 'ready' : 'not ready';
    state.classList.add(answer.ok ? 'ready' : 'unready');
  } catch {
    state.textContent = 'the server does not answer';
  }
}

const server = JSON.parse(document.getElementById('server').textContent);
document.getElementById('version').textContent = server.version;
document.getElementById('title').textContent = server.models.length === 1 ? 'Model' : 'Models';
document.title = server.models.map(m => m.name).slice(0, 3).join(', ') || 'Models';
for (const name of ['docs', 'openapi', 'metrics']) {
  const link = document.getElementById(`link-${name}`);
  link.href = home + link.getAttribute('href');
  link.hidden = name !== 'openapi' && !server[name];
}

server.models.forEach((model, index) => {
  const part = place(index, model.name);
  part('name').textContent = model.name;
  part('inputs').append(model.openai ? 'OpenAI requests' : tensors(model.inputs, 'inputs'));
  part('outputs').append(model.openai ? 'OpenAI answers, here a chat completion' : tensors(model.outputs, 'outputs'));
  part('aliases').hidden = model.aliases.length === 0;
  part('aliases').textContent = `Also called ${model.aliases.join(', ')}.`;
  new Trial(model, server, part);
  showReady(model, part('state'));
  document.querySelector('#contents ul').append(make('li', {}, make('a', { href: `#section-${index}` }, model.name)));
});
document.getElementById('contents').hidden = server.models.length < 2;
