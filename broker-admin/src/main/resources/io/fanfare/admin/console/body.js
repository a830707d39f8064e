import { h } from './dom.js';
import { bytes } from './format.js';

/** Longer texts are cut; the whole message is in the API. */
const MAX_CHARACTERS = 100_000;
const HEX_BYTES = 512;

const TOKEN = /(?<string>"(?:[^"\\]|\\.)*")|(?<word>true|false|null)|(?<numeral>-?\d[\d.eE+-]*)|(?<mark>[{}[\],:])|\s+/g;

/** Shows a message's body: JSON laid out, text as it is, and other octets in hexadecimal. */
export function showBody({ body, base64, bytes: size }) {
  if (size === 0) {
    return h('p.note', {}, 'The body is empty.');
  }
  if (base64 !== undefined) {
    return h('div', {}, h('p.note', {}, `${bytes(size)} that are no text`), pre(hex(base64)));
  }
  const text = body.slice(0, MAX_CHARACTERS);
  const note = body.length > MAX_CHARACTERS && h('p.note', {}, `The first ${MAX_CHARACTERS} characters of ${bytes(size)}`);
  return h('div', {}, note, isJson(body) ? pre(layOut(text)) : pre(text));
}

function pre(...content) {
  return h('pre', { tabindex: '0', role: 'region', 'aria-label': 'Body' }, h('code', {}, ...content));
}

function isJson(text) {
  if (!/^\s*[[{]/.test(text)) {
    return false;
  }
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** JSON with line breaks and a little colour. Numbers stay as they were written: JavaScript would round long ones. */
function layOut(json) {
  const parts = [];
  let indent = 0;
  const newLine = () => parts.push(`\n${'  '.repeat(indent)}`);
  let opened = false;
  for (const match of json.matchAll(TOKEN)) {
    const { mark } = match.groups;
    const kind = Object.keys(match.groups).find(each => match.groups[each]);
    if (!kind) {
      continue;
    }
    const closes = mark === '}' || mark === ']';
    if (closes) {
      indent--;
    }
    if (opened !== closes && (opened || closes)) {
      newLine();
    }
    opened = mark === '{' || mark === '[';
    if (opened) {
      indent++;
    }
    parts.push(mark ? match[0] : h(`span.${kind}`, {}, match[0]));
    if (mark === ',') {
      newLine();
    } else if (mark === ':') {
      parts.push(' ');
    }
  }
  return parts;
}

function hex(base64) {
  const octets = atob(base64);
  const lines = [];
  for (let at = 0; at < Math.min(octets.length, HEX_BYTES); at += 16) {
    const part = [...octets.slice(at, at + 16)];
    const codes = part.map(c => c.charCodeAt(0).toString(16).padStart(2, '0')).join(' ');
    const text = part.map(c => (c >= ' ' && c <= '~' ? c : '.')).join('');
    lines.push(`${at.toString(16).padStart(4, '0')}  ${codes.padEnd(47)}  ${text}`);
  }
  return lines.join('\n') + (octets.length > HEX_BYTES ? '\n…' : '');
}
