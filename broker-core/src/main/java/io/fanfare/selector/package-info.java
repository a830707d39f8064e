/**
 * Message selectors: the SQL-92 subset of JMS 3.1, section 3.8.1, over the text headers of a STOMP message.
 *
 * <p>{@link io.fanfare.selector.Selector#parse} reads a text once into an immutable tree; {@link
 * io.fanfare.selector.Selector#matches} asks that tree about one message. Nothing here compiles a regular expression,
 * reflects, or keeps a cache.
 *
 * <h2>Grammar</h2>
 *
 * <pre>{@code
 * selector    = [ condition ]                       nothing, or only white space, selects every message
 * condition   = conjunction { OR conjunction }
 * conjunction = negation { AND negation }
 * negation    = { NOT } predicate
 * predicate   = sum [ ( = | <> | != | < | <= | > | >= ) sum
 *                   | [ NOT ] BETWEEN sum AND sum
 *                   | [ NOT ] IN "(" literal { , literal } ")"
 *                   | [ NOT ] LIKE text [ ESCAPE text ]
 *                   | IS [ NOT ] NULL ]
 * sum         = product { ( + | - ) product }
 * product     = factor { ( * | / ) factor }
 * factor      = { + | - } ( header | literal | "(" condition ")" )
 * header      = Java identifier | " any characters "     "" inside quotes stands for one quote
 * literal     = ' any characters ' | number | TRUE | FALSE     '' inside quotes stands for one quote
 * number      = 57 | 7. | .5 | 7.25 | 1e3           decimal; no suffix, no hexadecimal, no octal
 * }</pre>
 *
 * <p>Keywords are read in any case, header names exactly. IN, LIKE and IS NULL stand after a header name, and IN lists
 * texts and numbers. A header whose name is no Java identifier is written in double quotes, SQL-92's delimited
 * identifier: {@code "content-type" LIKE 'text/%'}; without them {@code content-type} is a subtraction, and beside a text
 * an error. {@code !=} is ActiveMQ's other spelling of {@code <>}. JMS's own names, such as {@code JMSCorrelationID}, mean
 * the STOMP headers that say the same.
 *
 * <h2>Types</h2>
 *
 * <p>A STOMP header is text and has no type, so it takes the type of the other side: beside a number it is read as a
 * number, beside TRUE or FALSE as a truth value in any case, beside a text as it stands. A header that cannot be read
 * that way counts as absent, and an absent header is NULL: the comparison is UNKNOWN. Two headers compare as numbers
 * if both are numeric; if not, {@code =} and {@code <>} compare their texts and the other operators are UNKNOWN.
 * Numeric text is written as a number above with an optional sign, without spaces and in at most 64 characters.
 *
 * <p>As in JMS, {@code <}, {@code >} and BETWEEN take numbers only, comparing two literals of unlike types is FALSE,
 * and arithmetic follows Java's promotion ({@code 7 / 2} is 3) with two exceptions: a long that would overflow goes on
 * as a double, and a result that is no finite number, such as a division by zero, is NULL.
 *
 * <p>A message is selected when the whole condition is TRUE; FALSE and UNKNOWN do not select it.
 */
@NullMarked
package io.fanfare.selector;

import org.jspecify.annotations.NullMarked;
