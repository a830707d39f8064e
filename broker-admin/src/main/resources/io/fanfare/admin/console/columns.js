// Columns of lists, made of a field of each item; `more` has what a List takes besides: rank, width, href.

import * as format from './format.js';

/** A field as it is, a dash where it is empty. */
export const text = (key, label, more) => ({ key, label, text: each => each[key] || format.NONE, ...more });

/** A user's name. */
export const user = more => ({ key: 'user', label: 'User', text: userName, ...more });

export const userName = each => each.user || 'anonymous';

/** A number of things. */
export const count = (key, label, more) => number(key, label, format.integer, more);

/** A number of bytes. */
export const size = (key, label, more) => number(key, label, format.bytes, more);

const number = (key, label, form, more) => ({ key, label, number: true, text: each => form(each[key]), ...more });
