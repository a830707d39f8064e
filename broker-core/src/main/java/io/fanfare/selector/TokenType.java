package io.fanfare.selector;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Type of a piece of selector text. */
enum TokenType {
    HEADER,
    TEXT,
    EXACT,
    APPROXIMATE,
    // JMS 3.1, 3.8.1.1: these words are no identifiers
    AND,
    BETWEEN,
    ESCAPE,
    FALSE,
    IN,
    IS,
    LIKE,
    NOT,
    NULL,
    OR,
    TRUE,
    EQUAL,
    NOT_EQUAL,
    LESS,
    LESS_OR_EQUAL,
    GREATER,
    GREATER_OR_EQUAL,
    PLUS,
    MINUS,
    TIMES,
    DIVIDE,
    OPEN,
    CLOSE,
    COMMA,
    END;

    private static final Map<String, TokenType> KEYWORDS = Stream.of(
                    AND, BETWEEN, ESCAPE, FALSE, IN, IS, LIKE, NOT, NULL, OR, TRUE)
            .collect(Collectors.toUnmodifiableMap(TokenType::name, keyword -> keyword));

    /** About what a token of this type adds to a selector in memory, bytes, without the characters of its value. */
    int bytes() {
        return switch (this) {
            case HEADER, TEXT -> 64;
            case EXACT, APPROXIMATE -> 44;
            case ESCAPE, NULL, OPEN, CLOSE, COMMA, END -> 0;
            case AND, BETWEEN, FALSE, IN, IS, LIKE, NOT, OR, TRUE -> 40;
            case EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> 40;
            case PLUS, MINUS, TIMES, DIVIDE -> 40;
        };
    }

    /** What an unquoted word is: a keyword in any case, or the name of a header. */
    static TokenType ofWord(String word) {
        return KEYWORDS.getOrDefault(word.toUpperCase(Locale.ROOT), HEADER);
    }

    /** The symbol spelled by this character alone, or null. */
    static @Nullable TokenType ofSymbol(char symbol) {
        return switch (symbol) {
            case '=' -> EQUAL;
            case '<' -> LESS;
            case '>' -> GREATER;
            case '+' -> PLUS;
            case '-' -> MINUS;
            case '*' -> TIMES;
            case '/' -> DIVIDE;
            case '(' -> OPEN;
            case ')' -> CLOSE;
            case ',' -> COMMA;
            default -> null;
        };
    }

    /** The symbol spelled by these two characters, or null. */
    static @Nullable TokenType ofSymbol(String pair) {
        return switch (pair) {
            case "<>", "!=" -> NOT_EQUAL;
            case "<=" -> LESS_OR_EQUAL;
            case ">=" -> GREATER_OR_EQUAL;
            default -> null;
        };
    }
}
