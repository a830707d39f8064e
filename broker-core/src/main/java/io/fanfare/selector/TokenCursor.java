package io.fanfare.selector;

import org.jspecify.annotations.Nullable;

/** The parser's place among the tokens, and its way to say what is wrong there. */
final class TokenCursor {
    private final Source source;
    private final Lexer lexer;
    private Token current;
    private @Nullable Token previous;

    TokenCursor(Source source) {
        this.source = source;
        lexer = new Lexer(source);
        current = lexer.next();
    }

    TokenType type() {
        return current.type();
    }

    /** Where the current token starts, for an error found later. */
    int position() {
        return current.start();
    }

    /** Passes the current token. */
    Token take() {
        Token taken = current;
        previous = taken;
        source.became(taken.type().bytes() + taken.value().length());
        current = lexer.next();
        return taken;
    }

    /** Passes the current token if it is of this type. */
    boolean skip(TokenType type) {
        if (type() != type) {
            return false;
        }
        take();
        return true;
    }

    /** Passes a token that has to be of this type; if it is not, {@code what} was expected. */
    Token take(TokenType type, String what) {
        if (type() != type) {
            throw expected(what);
        }
        return take();
    }

    InvalidSelectorException expected(String what) {
        Token before = previous;
        String after = before == null ? "" : " after " + source.excerpt(before.start(), before.end());
        String found = type() == TokenType.END ? "" : ", found " + source.excerpt(current.start(), current.end());
        return source.error(current.start(), "expected " + what + after + found);
    }
}
