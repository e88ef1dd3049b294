'use strict';

/** Makes an element; what is no property of it becomes an attribute. Texts stay texts. */
function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element) element[name] = value; else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** The address this page came from, with a slash at its end: the server may stand behind a prefix. */
const home = location.origin + location.pathname.replace(/\/?$/, '/');

/** The words and signs of JSON as they are written; null for what is none. */
function tokensOf(text) {
  try { JSON.parse(text); } catch { return null; }
  return text.match(/"(?:\\.|[^"\\])*"|[[\]{}:,]|[^\s[\]{}:,"]+/g);
}

/** For JSON.parse: keeps a number as it is written, where the browser can; not all of them survive being read. */
const asWritten = (name, value, context) => typeof value === 'number' && JSON.rawJSON && context?.source ? JSON.rawJSON(context.source) : value;

/** JSON without a space; what is none as it is. */
const compact = text => tokensOf(text)?.join('') ?? text;

/** Values one after another, as many on each line as it has room for. */
function filled(values, width) {
  const lines = [];
  for (const value of values) {
    const longer = `${lines.at(-1)}, ${value}`;
    if (lines.length > 0 && longer.length <= width) lines[lines.length - 1] = longer; else lines.push(value);
  }
  return lines;
}

/**
 * JSON with indentation. Numbers stay as they are written, for not all of them survive being read; lists of plain values
 * fill their lines. What is no JSON comes back as it is.
 */
function pretty(text) {
  const tokens = tokensOf(text);
  if (tokens === null) return text;
  let at = 0;

  function value(indent) {
    const token = tokens[at++];
    if (token !== '{' && token !== '[') return token;
    const end = token === '{' ? '}' : ']';
    const parts = [];
    while (tokens[at] !== end) {
      if (tokens[at] === ',') at++;
      if (token === '{') {
        const name = tokens[at];
        at += 2;
        parts.push(`${name}: ${value(indent + '  ')}`);
      } else {
        parts.push(value(indent + '  '));
      }
    }
    at++;
    if (parts.length === 0) return token + end;
    const lines = token === '[' && !parts.some(part => /[{[]/.test(part[0])) ? filled(parts, 72 - indent.length) : parts;
    return token === '[' && lines.length === 1 && parts[0][0] !== '{' && lines[0].length <= 72 && !lines[0].includes('\n')
      ? `[${lines[0]}]`
      : `${token}\n${indent}  ${lines.join(`,\n${indent}  `)}\n${indent}${end}`;
  }

  return value('');
}

/** Seconds as people read them. */
function duration(milliseconds) {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}
