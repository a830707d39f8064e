package io.fanfare.selector;

import org.jspecify.annotations.Nullable;

/** SQL-92's three truth values, with the tables of JMS 3.1, 3.8.1.2. */
enum Truth {
    TRUE,
    FALSE,
    UNKNOWN;

    static Truth of(boolean value) {
        return value ? TRUE : FALSE;
    }

    /** What a header's text says: true or false in any case; anything else, or no header, is UNKNOWN. */
    static Truth read(@Nullable String header) {
        if ("true".equalsIgnoreCase(header)) {
            return TRUE;
        }
        return "false".equalsIgnoreCase(header) ? FALSE : UNKNOWN;
    }

    Truth not() {
        return switch (this) {
            case TRUE -> FALSE;
            case FALSE -> TRUE;
            case UNKNOWN -> UNKNOWN;
        };
    }

    Truth and(Truth other) {
        if (this == FALSE || other == FALSE) {
            return FALSE;
        }
        return this == TRUE ? other : UNKNOWN;
    }

    Truth or(Truth other) {
        if (this == TRUE || other == TRUE) {
            return TRUE;
        }
        return this == FALSE ? other : UNKNOWN;
    }
}
