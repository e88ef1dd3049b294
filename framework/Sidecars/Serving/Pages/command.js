
/** A text as one word of a POSIX shell. */
const quoted = text => `'${text.replaceAll("'", `'\\''`)}'`;

/** The curl command that sends a request. */
function curl({ url, body }) {
  return [`curl ${quoted(url)}`, `-H 'Content-Type: application/json'`, `-d ${quoted(compact(body))}`].join(' \\\n  ');
}

/** Copies a text; where the browser keeps its clipboard from pages without TLS, selects it. */
async function copy(text, shown) {
  try {
    await navigator.clipboard.writeText(text);
    return 'Copied';
  } catch {
    getSelection().selectAllChildren(shown);
    return 'Selected, copy it with your keyboard';
  }
}
