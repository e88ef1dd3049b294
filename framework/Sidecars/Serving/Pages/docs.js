
let count = 0;

function field(label, control) {
  control.id = `field-${count++}`;
  return make('div', { className: 'field' }, make('label', { htmlFor: control.id }, label), control);
}

async function send(method, path, fields, body, out) {
  for (const [name, input] of Object.entries(fields)) path = path.replace(`{${name}}`, encodeURIComponent(input.value));
  const init = { method: method.toUpperCase() };
  if (body) Object.assign(init, { body: body.value, headers: { 'Content-Type': 'application/json' } });
  out.hidden = false;
  try {
    const answer = await fetch('.' + path, init);
    out.textContent = `${answer.status} ${answer.statusText}\n${pretty(await answer.text())}`;
  } catch (error) {
    out.textContent = String(error);
  }
}

function operation(path, method, described) {
  const fields = {}, parts = [];
  const content = described.requestBody?.content['application/json'];
  const [[model, example] = []] = [Object.entries(content?.examples ?? {})[0]];
  for (const parameter of described.parameters ?? []) {
    fields[parameter.name] = make('input', { value: parameter.name === 'model_name' ? model ?? '' : '' });
    parts.push(field(parameter.name, fields[parameter.name]));
  }

  let body;
  if (content) {
    const empty = path.startsWith('/v2') || path === '/explain' ? { inputs: [] } : { instances: [] };
    body = make('textarea', { rows: 8, spellcheck: false, value: pretty(JSON.stringify(example?.value ?? empty)) });
    parts.push(field('Request body', body));
  }

  const out = make('pre', { tabIndex: 0, hidden: true, 'aria-live': 'polite', 'aria-label': `Answer: ${method.toUpperCase()} ${path}`, role: 'region' });
  const button = make('button', { type: 'button', className: 'main', onclick: () => send(method, path, fields, body, out) }, 'Send');
  return make('details', {},
    make('summary', {}, make('span', { className: 'method' }, method.toUpperCase()), make('code', {}, path),
      make('span', { className: 'note' }, described.summary ?? '')),
    make('div', { className: 'operation' }, ...parts, button, out));
}

const operations = document.getElementById('operations');
fetch('./openapi.json').then(answer => answer.ok ? answer.json() : Promise.reject(new Error(`${answer.status} ${answer.statusText}`))).then(api => {
  for (const [path, methods] of Object.entries(api.paths)) {
    for (const [method, described] of Object.entries(methods)) operations.append(operation(path, method, described));
  }
}).catch(error => operations.append(make('p', { role: 'alert' }, `The operations cannot be shown: ${error.message}`)));
