package io.fanfare.security;

import java.util.List;

/** Reads a principal's claims as texts. */
final class Claims {

    private Claims() {}

    /** What a claim says: nothing, one text, or the texts of a list. */
    static List<String> values(Principal who, String name) {
        Object claim = who.claims().get(name);
        if (claim == null) {
            return List.of();
        }
        return claim instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of(claim.toString());
    }
}
