import { element, make } from './page.js';
import { post } from './session.js';

// The log-in of a page. A tab says in its hash which user it is for, so that one browser can have tabs of several users.

/**
 * Gives the user of this tab with the roles, at once where the browser is logged in as the user in the hash, else after
 * a log-in. Fills the element `login`, and shows the element `app` afterwards.
 */
export async function enter(accounts) {
  const sessions = await post('sessions');
  const known = sessions.find(({ user }) => `#${user}` === location.hash);
  const session = known ?? await ask(accounts, sessions);
  history.replaceState(undefined, '', `#${session.user}`);
  addEventListener('hashchange', () => location.reload());
  element('login').hidden = true;
  element('app').hidden = false;
  return session;
}

/** Ends the browser's session of the user; one that has ended already is as good. */
export async function endSession(user) {
  await post('logout', { user }).catch(() => {});
}

/** Shows the log-in again. */
export function leave() {
  history.replaceState(undefined, '', location.pathname);
  location.reload();
}

function ask(accounts, sessions) {
  return new Promise(resolve => {
    const form = make('form', 'card');
    const name = field('Name', 'user', 'text', 'username');
    const password = field('Password', 'password', 'password', 'current-password');
    const problem = make('p', 'problem');
    problem.setAttribute('role', 'alert');
    const submit = make('button', 'primary', 'Log in');
    form.append(make('h2', '', 'Log in'), ...sessions.map(session => resume(session, resolve)), name, password, problem, submit);
    form.addEventListener('submit', event => {
      event.preventDefault();
      post('login', Object.fromEntries(new FormData(form))).then(resolve, error => (problem.textContent = error.message));
    });
    element('login').replaceChildren(form, demoUsers(accounts, form, submit));
    element('login').hidden = false;
    form.elements.user.focus();
  });
}

function resume(session, resolve) {
  const button = make('button', '', `Go on as ${session.user}`);
  button.type = 'button';
  button.addEventListener('click', () => resolve(session));
  return button;
}

function field(title, name, type, autocomplete) {
  const label = make('label', '', title);
  const input = make('input', '');
  Object.assign(input, { name, type, autocomplete, required: true });
  label.append(input);
  return label;
}

function demoUsers(accounts, form, submit) {
  const section = make('section', 'demo');
  section.append(make('h2', '', 'Users of this example'));
  for (const { name, password, roles } of accounts) {
    const button = make('button', '');
    button.type = 'button';
    button.append(make('b', '', name), make('code', '', password), make('span', 'muted', roles.join(', ')));
    button.addEventListener('click', () => {
      form.elements.user.value = name;
      form.elements.password.value = password;
      submit.focus();
    });
    section.append(button);
  }
  return section;
}
