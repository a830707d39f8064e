import { Alert, field, h, newId, onSubmit } from './dom.js';

/**
 * Asks before something is done, and does it: the dialog stays open with the reason when that is refused.
 *
 * options:
 *   title, text
 *   fields: a list of { name, label, value, hint, required }
 *   action: the button's text; danger: whether it destroys something
 *   run: a function of the fields' values that returns a promise
 * @returns what `run` gave; undefined when it was cancelled
 */
export function ask({ title, text, fields = [], action, danger = false, run }) {
  const alert = new Alert();
  const heading = h('h2', { id: newId('dialog') }, title);
  const about = h('p', { id: newId('dialog') }, text);
  const inputs = fields.map(each =>
    h('input', {
      name: each.name,
      value: each.value ?? '',
      required: each.required,
      autocomplete: 'off',
      spellcheck: 'false',
    }));
  const act = h(danger ? 'button.danger' : 'button.primary', { type: 'submit' }, action);
  const cancel = h('button', { type: 'button', onclick: () => dialog.close() }, 'Cancel');
  const form = h(
    'form',
    {},
    heading,
    about,
    fields.map((each, i) => field(each.label, inputs[i], each.hint)),
    alert.element,
    h('div.buttons', {}, cancel, act),
  );
  const dialog = h('dialog', { 'aria-labelledby': heading.id, 'aria-describedby': about.id }, form);
  return new Promise(resolve => {
    let result;
    onSubmit(form, act, async () => {
      try {
        result = await run(Object.fromEntries(inputs.map(input => [input.name, input.value.trim()])));
        dialog.close();
      } catch (error) {
        alert.show(error);
      }
    });
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(result);
    });
    document.body.append(dialog);
    dialog.showModal();
    // the way back is what Enter does in a dialog that destroys something
    (inputs[0] ?? (danger ? cancel : act)).focus();
  });
}
