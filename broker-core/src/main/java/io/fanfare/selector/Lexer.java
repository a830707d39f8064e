package io.fanfare.selector;

import org.jspecify.annotations.Nullable;

/** Cuts a selector into tokens, one at a time. */
final class Lexer {
    private final Source source;
    private final String text;
    private int at;

    Lexer(Source source) {
        this.source = source;
        this.text = source.text();
    }

    Token next() {
        // JMS 3.1, 3.8.1.1: white space is Java's
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        if (at == text.length()) {
            return new Token(TokenType.END, "", at, at);
        }
        char first = text.charAt(at);
        if (first == '\'') {
            return quoted(TokenType.TEXT, first);
        }
        if (first == '"') {
            return quoted(TokenType.HEADER, first);
        }
        if (isWordStart(text.codePointAt(at))) {
            String word = text.substring(at, wordEnd(at));
            return token(TokenType.ofWord(word), word);
        }
        Token number = number();
        return number != null ? number : symbol();
    }

    /** A doubled quote inside the quotes stands for one. */
    private Token quoted(TokenType type, char quote) {
        StringBuilder value = new StringBuilder();
        int scan = at + 1;
        while (true) {
            int close = text.indexOf(quote, scan);
            if (close < 0) {
                throw source.error(at, "the closing " + quote + " is missing");
            }
            value.append(text, scan, close);
            scan = close + 1;
            if (scan == text.length() || text.charAt(scan) != quote) {
                return quoted(type, value.toString(), scan);
            }
            value.append(quote);
            scan++;
        }
    }

    private Token quoted(TokenType type, String value, int end) {
        if (type == TokenType.HEADER && value.isEmpty()) {
            throw source.error(at, "the header name between the quotes is empty");
        }
        Token token = new Token(type, value, at, end);
        at = end;
        return token;
    }

    private @Nullable Token number() {
        int end = NumberText.end(text, at);
        if (end == at) {
            return null;
        }
        if (end < text.length() && isWordPart(text.codePointAt(end))) {
            throw source.error(end, "a number is followed by " + source.excerpt(end, wordEnd(end)));
        }
        String digits = text.substring(at, end);
        return token(NumberText.isExact(digits) ? TokenType.EXACT : TokenType.APPROXIMATE, digits);
    }

    private Token symbol() {
        String pair = text.substring(at, Math.min(at + 2, text.length()));
        TokenType type = TokenType.ofSymbol(pair);
        if (type != null) {
            return token(type, pair);
        }
        type = TokenType.ofSymbol(pair.charAt(0));
        if (type == null) {
            int end = at + Character.charCount(text.codePointAt(at));
            throw source.error(at, "unexpected character " + source.excerpt(at, end));
        }
        return token(type, pair.substring(0, 1));
    }

    private Token token(TokenType type, String value) {
        Token token = new Token(type, value, at, at + value.length());
        at = token.end();
        return token;
    }

    private int wordEnd(int start) {
        int end = start;
        while (end < text.length() && isWordPart(text.codePointAt(end))) {
            end += Character.charCount(text.codePointAt(end));
        }
        return end;
    }

    private static boolean isWordStart(int character) {
        return Character.isJavaIdentifierStart(character);
    }

    private static boolean isWordPart(int character) {
        // Java takes NUL and other invisible characters for parts of a name; a name people cannot see is no name
        return Character.isJavaIdentifierPart(character) && !Character.isIdentifierIgnorable(character);
    }
}
