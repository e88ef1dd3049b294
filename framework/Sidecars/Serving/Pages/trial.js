
/** The form of one model, and the answer beside it. */
class Trial {
  #model; #server; #part; #verb = 'predict'; #cancel = null; #examples; #alone = null; #told = 0;

  constructor(model, server, part) {
    this.#model = model;
    this.#server = server;
    this.#part = part;
    const empty = '{"inputs": [{"name": "input-0", "datatype": "FP32", "shape": [1, 1], "data": [0]}]}';
    const chat = JSON.stringify({ model: model.name, messages: [{ role: 'user', content: 'Hello' }] });
    this.#examples = { v1: pretty(model.openai ? chat : model.v1), v2: pretty(model.v2 ?? empty) };
    if (model.openai) part('predict').textContent = 'Send';
    part('protocols').hidden = model.openai;
    part('explaining').hidden = part('explain').hidden = model.openai || !model.explains;
    part('form').addEventListener('submit', event => { event.preventDefault(); this.#run('predict'); });
    part('explain').addEventListener('click', () => this.#run('explain'));
    part('cancel').addEventListener('click', () => this.#cancel?.abort());
    part('reset').addEventListener('click', () => this.#showExample());
    part('copy').addEventListener('click', async () => {
      part('copy').textContent = await copy(part('command').textContent, part('command'));
      setTimeout(() => { part('copy').textContent = 'Copy command'; }, 3000);
    });
    for (const protocol of ['v1', 'v2']) part(protocol).addEventListener('change', () => this.#showExample());
    part('frame').addEventListener('load', () => {
      this.#fit();
      part('frame').contentDocument.addEventListener('toggle', () => this.#fit(), true);
    });
    addEventListener('resize', () => this.#fit());
    for (const field of ['body', 'parameters']) part(field).addEventListener('input', () => this.#showCommand());
    this.#showExample();
  }

  get #protocol() { return this.#part('v2').checked ? 'v2' : 'v1'; }

  /** V2 has one URL for explanations, which names no model. */
  get #explainable() { return this.#protocol === 'v1' || this.#server.models.length === 1; }

  #showExample() {
    const part = this.#part, made = this.#model.madeUp && !this.#model.openai;
    part('body').value = this.#examples[this.#protocol];
    part('body').rows = Math.min(Math.max(part('body').value.split('\n').length + 1, 6), 16);
    part('explain').disabled = !this.#explainable;
    part('body-note').textContent = [
      made && 'Made of the declared inputs; put values of your own.',
      this.#protocol === 'v2' && !this.#model.v2 && 'The example has no form in V2.',
      this.#model.explains && !this.#explainable && 'Explain V2 requests at /explain on a server of one model, or use V1 here.',
    ].filter(Boolean).join(' ');
    this.#showCommand();
  }

  #showCommand() {
    try {
      this.#part('command').textContent = curl(this.#request(this.#verb));
    } catch (error) {
      this.#part('command').textContent = error.message;
    }
  }

  #request(verb) {
    const name = encodeURIComponent(this.#model.name), body = this.#part('body').value;
    if (this.#model.openai) return { url: `${home}${this.#server.openai.slice(1)}/v1/chat/completions`.replace(/([^:])\/\//, '$1/'), body };
    if (verb === 'predict') return { url: home + (this.#protocol === 'v1' ? `v1/models/${name}:predict` : `v2/models/${name}/infer`), body };
    return { url: home + (this.#protocol === 'v1' ? `v1/models/${name}:explain` : 'explain'), body: this.#withParameters(body) };
  }

  /** Puts the parameters where the protocol has them. */
  #withParameters(body) {
    const text = this.#part('parameters').value.trim();
    if (text === '') return body;
    const given = Trial.#object(text, 'The explainer parameters');
    const root = Trial.#object(body, 'The request body');
    root.parameters = this.#protocol === 'v1'
      ? { ...root.parameters, ...given }
      : { ...root.parameters, explain_parameters: { ...root.parameters?.explain_parameters, ...given } };
    return pretty(JSON.stringify(root));
  }

  static #object(text, what) {
    let value;
    try { value = JSON.parse(text, asWritten); } catch (error) { throw new Error(`${what} cannot be read: ${error.message}`); }
    if (typeof value !== 'object' || value === null || Array.isArray(value) || JSON.isRawJSON?.(value)) throw new Error(`${what} must be a JSON object.`);
    return value;
  }

  async #run(verb) {
    if (this.#cancel !== null) return;
    this.#verb = verb;
    this.#clear();
    this.#showCommand();
    let request;
    try { request = this.#request(verb); } catch (error) { return this.#fail('Not sent', error.message); }
    const cancel = this.#cancel = new AbortController(), began = performance.now();
    this.#busy(true, verb);
    try {
      await this.#ask(request, verb, cancel.signal, began);
    } catch (error) {
      if (cancel.signal.aborted) this.#tell(`Cancelled after ${duration(performance.now() - began)}`, true);
      else this.#fail('No answer', error.message);
    } finally {
      this.#cancel = null;
      this.#busy(false, verb);
    }
  }

  async #ask({ url, body }, verb, signal, began) {
    const headers = { 'Content-Type': 'application/json' };
    if (verb === 'explain') headers.Accept = 'text/event-stream, text/html';
    const answer = await fetch(url, { method: 'POST', headers, body, signal });
    const told = () => `${answer.status} ${answer.statusText} · ${duration(performance.now() - began)}`.replace('  ', ' ');
    if (!/^text\/event-stream/.test(answer.headers.get('content-type') ?? '')) {
      const text = await answer.text();
      return answer.ok ? this.#show(told(), answer.headers.get('content-type') ?? '', text) : this.#fail(told(), text);
    }

    let type = 'application/json', ended = false;
    for await (const event of readEvents(answer.body)) {
      ended ||= event.name === 'explanation' || event.name === 'error';
      if (event.name === 'progress') this.#progress(JSON.parse(event.data));
      else if (event.name === 'media-type') type = event.data;
      else if (event.name === 'explanation') this.#show(told(), type, event.data);
      else if (event.name === 'error') this.#fail(`Failed after ${duration(performance.now() - began)}`, event.data);
    }
    if (!ended) this.#fail('Broken off', 'The server ended the answer before the explanation came.');
  }

  #progress({ message, fraction, elapsed_seconds: elapsed }) {
    const bar = this.#part('progress'), seconds = duration(elapsed * 1000);
    if (fraction === null) bar.removeAttribute('value'); else bar.value = fraction;
    const text = fraction === null ? message : `${Math.round(fraction * 100)} % · ${message}`;
    this.#part('message').textContent = `${text} · ${seconds}`;

    // Read aloud now and then, not twenty times a second.
    if (performance.now() - this.#told > 4000) this.#tell(`Explaining: ${text}`);
  }

  #show(status, type, text) {
    this.#tell(status, true);
    if (/^text\/html/.test(type)) {
      this.#part('frame').srcdoc = text;
      this.#alone = URL.createObjectURL(new Blob([text], { type: 'text/html; charset=utf-8' }));
      this.#part('alone').href = this.#alone;
      this.#part('page').hidden = false;
    } else {
      this.#part('json').textContent = pretty(text) || '(nothing)';
      this.#part('json').hidden = false;
    }
  }

  /** The frame is as high as what it shows, which has no scripts of its own. */
  #fit() {
    const frame = this.#part('frame');
    frame.style.height = '0';
    frame.style.height = `${frame.contentDocument.documentElement.scrollHeight + 2}px`;
  }

  #fail(status, text) {
    this.#tell(status, true);
    let message = text;
    try {
      const { error, detail } = JSON.parse(text);
      message = error?.message ?? error ?? detail ?? text;
    } catch { /* It is no JSON of ours, and shown as it is. */ }
    this.#part('error').textContent = typeof message === 'string' ? message || 'The answer says nothing more.' : pretty(text);
    this.#part('error').hidden = false;
  }

  #clear() {
    for (const name of ['error', 'json', 'page', 'watch']) this.#part(name).hidden = true;
    this.#part('frame').srcdoc = '';
    this.#part('message').textContent = '';
    this.#part('progress').removeAttribute('value');
    if (this.#alone) URL.revokeObjectURL(this.#alone);
    this.#alone = null;
  }

  #busy(on, verb) {
    const part = this.#part, hadFocus = document.activeElement === part('cancel');
    part('predict').disabled = on;
    part('explain').disabled = on || !this.#explainable;
    part('cancel').hidden = !on;
    part('watch').hidden = !on || verb !== 'explain';
    part('answer').setAttribute('aria-busy', on);
    if (on) {
      this.#tell(verb === 'explain' ? 'Explaining…' : 'Predicting…');
      part('cancel').focus();
    } else if (hadFocus) {
      part(verb).focus();
    }
  }

  #tell(text, done = false) {
    this.#told = performance.now();
    this.#part('status').textContent = text;
    this.#part('status').classList.toggle('done', done);
  }
}
