
/** The server-sent events of an answer, one after another: their names and their data. */
async function* readEvents(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '', name = 'message', data = [];
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    rest += value;
    if (!value.includes('\n')) continue;
    const lines = rest.split('\n');
    rest = lines.pop();
    for (const line of lines.map(l => l.replace(/\r$/, ''))) {
      const [, field, text] = /^([^:]*):? ?(.*)$/.exec(line);
      if (line === '') {
        if (data.length > 0) yield { name, data: data.join('\n') };
        name = 'message';
        data = [];
      } else if (field === 'event') {
        name = text;
      } else if (field === 'data') {
        data.push(text);
      }
    }
  }
}
