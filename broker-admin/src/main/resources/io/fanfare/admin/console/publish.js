import { post } from './api.js';
import { Alert, card, field, h, onSubmit, setText } from './dom.js';
import { live } from './live.js';
import { plural } from './format.js';

/** Header lines of a form, `name: value`, as an object. */
export function parseHeaders(text) {
  const headers = {};
  for (const line of text.split('\n').filter(each => each.trim() !== '')) {
    const colon = line.indexOf(':');
    if (colon < 1) {
      throw new Error(`A header is a line with a name, a colon and a value, and not “${line.trim()}”.`);
    }
    headers[line.slice(0, colon).trim()] = line.slice(colon + 1).trim();
  }
  return headers;
}

/**
 * A card with a form that publishes a message.
 *
 * @param destination of the message
 * @param then called when one was published
 */
export function publishCard(destination, then) {
  const alert = new Alert();
  const result = h('p.result', { role: 'status' });
  const type = h('select', {}, h('option', { value: 'text' }, 'Text'), h('option', { value: 'json' }, 'JSON'));
  const body = h('textarea', { rows: '4', spellcheck: 'false' });
  const headers = h('textarea', { rows: '2', spellcheck: 'false' });
  const button = h('button.primary', { type: 'submit' }, 'Publish');
  const form = h(
    'form',
    {},
    field('Body', body),
    field('Headers', headers, 'One a line, such as priority: 7'),
    h('div.form-row', {}, field('Type', type), button),
    alert.element,
    result,
  );
  onSubmit(form, button, async () => {
    alert.clear();
    setText(result, '');
    try {
      const message = { destination, body: body.value, headers: parseHeaders(headers.value) };
      if (type.value === 'json') {
        checkJson(body.value);
        message.headers['content-type'] ??= 'application/json';
      }
      const outcome = await post('/publish', message);
      setText(result, describe(outcome));
      live.refresh();
      await then?.();
    } catch (error) {
      alert.show(error);
    }
  });
  return card('Publish', h('code', {}, destination), form);
}

/** The text is published as it is: JavaScript would round long numbers. */
function checkJson(text) {
  try {
    JSON.parse(text);
  } catch (error) {
    throw new Error(`The body is not JSON: ${error.message}.`);
  }
}

/** What has become of a message, in a sentence. */
function describe({ matched, delivered, queued, dropped }) {
  const parts = [
    delivered > 0 && `delivered to ${plural(delivered, 'subscriber')}`,
    queued > 0 && `kept in ${plural(queued, 'queue')}`,
    dropped > 0 && `dropped ${matched === 0 ? 'as nothing wants it' : `${dropped} times`}`,
  ].filter(Boolean);
  return `Published: ${parts.length === 0 ? 'it waits for its delay' : parts.join(', ')}.`;
}
