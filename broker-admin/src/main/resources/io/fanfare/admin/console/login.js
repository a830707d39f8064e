import { call, login, logins } from './api.js';
import { Alert, field, h, onSubmit } from './dom.js';

/** Shows a form instead of the pages as soon as the API asks for a login, and tells when there is one. */
export function watchLogins(main, onLogin) {
  let isShown = false;
  logins.addEventListener('needed', () => {
    if (!isShown) {
      isShown = true;
      const isWrong = login.get() !== null;
      main.replaceChildren(loginPage(isWrong, () => {
        isShown = false;
        onLogin();
      }));
      main.querySelector('input').focus();
    }
  });
  return () => isShown;
}

function loginPage(isWrong, done) {
  const alert = new Alert();
  const token = h('input', { type: 'password', name: 'token', autocomplete: 'off', spellcheck: 'false' });
  const user = h('input', { name: 'user', autocomplete: 'username', spellcheck: 'false' });
  const passcode = h('input', { type: 'password', name: 'passcode', autocomplete: 'current-password' });
  const button = h('button.primary', { type: 'submit' }, 'Log in');
  const form = h(
    'form.card.login',
    { 'aria-labelledby': 'login-title' },
    h('h1', { id: 'login-title' }, 'Log in'),
    h('p.note', {}, 'The login is kept in this tab until it is closed.'),
    field('Token', token, 'One of the file that admin.tokens_file names'),
    h('p.or', {}, 'or a user with the role admin'),
    field('User', user),
    field('Passcode', passcode),
    alert.element,
    h('div.buttons', {}, button),
  );
  if (isWrong) {
    alert.show(new Error('The broker does not take this login.'));
  }
  onSubmit(form, button, async () => {
    login.set(token.value ? { token: token.value.trim() } : { user: user.value, passcode: passcode.value });
    try {
      await call('GET', '/overview');
      done();
    } catch (error) {
      login.clear();
      alert.show(error.status === 401 ? new Error('The broker does not take this login.') : error);
    }
  });
  return form;
}
