// Elements, made without HTML: what clients have sent stays text, whatever is in it.

/**
 * Makes an element.
 *
 * @param name a tag with classes, such as `button.danger`
 * @param attributes by name; `onclick` and the like take functions, `data` an object, and what is null or false is left out
 * @param children elements and texts, in lists too; what is null or false is left out
 */
export function h(name, attributes = {}, ...children) {
  const [tag, ...classes] = name.split('.');
  const element = document.createElement(tag);
  element.classList.add(...classes);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) {
      element.addEventListener(key.slice(2), value);
    } else if (key === 'data') {
      Object.assign(element.dataset, value);
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(key, value === true ? '' : value);
    }
  }
  element.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

/** Sets an element's text, unless it is that already: a screen reader says what changes. */
export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

let ids = 0;

/** An id that no other element of the page has. */
export function newId(prefix) {
  ids++;
  return `${prefix}-${ids}`;
}

/** The name of a setting, which may go on in a new line behind a dot or an underscore. */
export function settingName(key) {
  return h('code', {}, key.match(/[^._]+[._]*/g).flatMap(part => [part, h('wbr')]));
}

/** A label above its control. */
export function field(label, control, hint) {
  control.id ||= newId('field');
  const about = hint && h('small', { id: newId('hint') }, hint);
  if (about) {
    control.setAttribute('aria-describedby', about.id);
  }
  return h('div.field', {}, h('label', { for: control.id }, label), control, about);
}

/** A card with a title. */
export function card(title, note, ...children) {
  const heading = h('h2', { id: newId('card') }, title);
  return h(
    'section.card',
    { 'aria-labelledby': heading.id },
    h('header', {}, h('div', {}, heading, note && h('p.note', {}, note))),
    ...children,
  );
}

/** What a page says where there is nothing to show: what that means, and what to do. */
export function empty(title, text, command) {
  return h('div.empty', {}, h('p.empty-title', {}, title), h('p', {}, text), command && h('pre', { tabindex: '0' }, command));
}

/** Does something when a form is submitted, one at a time. The button keeps the focus, and so is not disabled meanwhile. */
export function onSubmit(form, button, task) {
  let isBusy = false;
  form.addEventListener('submit', async event => {
    event.preventDefault();
    if (isBusy) {
      return;
    }
    isBusy = true;
    button.setAttribute('aria-disabled', 'true');
    try {
      await task();
    } finally {
      isBusy = false;
      button.removeAttribute('aria-disabled');
    }
  });
}

/** Disables buttons, or not. The focus of one that is disabled goes on to another element. */
export function setDisabled(buttons, isDisabled, next) {
  const { activeElement } = document;
  buttons.forEach(button => {
    button.disabled = isDisabled;
  });
  if (isDisabled && buttons.includes(activeElement)) {
    next.focus();
  }
}

/** A place for the sentence of an error, which a screen reader says at once. */
export class Alert {
  constructor() {
    this.element = h('div.alert', { role: 'alert', hidden: true });
  }

  show(error) {
    this.element.hidden = false;
    setText(this.element, error.message);
  }

  clear() {
    this.element.hidden = true;
    this.element.textContent = '';
  }
}
