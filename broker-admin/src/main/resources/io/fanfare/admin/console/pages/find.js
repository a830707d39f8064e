import { h, newId } from '../dom.js';
import { toDestination } from '../links.js';

/** A small form that opens the page of a destination, which need not exist yet. */
export function destinationForm(prefix, label, example) {
  const input = h('input', {
    id: newId('find'),
    placeholder: example,
    required: true,
    autocomplete: 'off',
    spellcheck: 'false',
  });
  const form = h(
    'form.find',
    {},
    h('label.unseen', { for: input.id }, label),
    input,
    h('button', { type: 'submit' }, 'Open'),
  );
  form.addEventListener('submit', event => {
    event.preventDefault();
    const name = input.value.trim();
    const link = toDestination(name.startsWith('/') ? name : prefix + name);
    if (link) {
      location.hash = link;
    } else {
      input.setCustomValidity(`A name without wildcards, such as ${example}`);
      input.reportValidity();
    }
  });
  input.addEventListener('input', () => input.setCustomValidity(''));
  return form;
}
