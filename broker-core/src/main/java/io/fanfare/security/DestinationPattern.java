package io.fanfare.security;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Destinations of one kind: the subject of a rule, or of a question. Words are compared one by one, and a user's
 * name or claim never becomes part of a pattern.
 */
final class DestinationPattern {

    private static final String EVERYTHING = "#";
    private static final String USER_KIND = "/user/";
    private static final Set<String> KINDS = Set.of("/topic/", "/queue/", USER_KIND);

    private static final String USER = "{user}";
    private static final String CLAIM = "{claim:";

    /** What a word stands for. */
    private enum Kind {
        /** Itself. */
        LITERAL,
        /** One word. */
        ONE,
        /** The rest, zero or more words. */
        REST,
        /** The principal's name. */
        USER,
        /** One of the values of a claim. */
        CLAIM
    }

    /**
     * A word with the separator before it, because {@code a.b} and {@code a/b} are two names.
     *
     * @param separator 0: none, it is the first
     * @param text of a literal; of a claim, its name
     */
    private record Word(char separator, Kind kind, String text) {

        /** Whether the word is this one, for a principal. */
        boolean is(String literal, Principal who) {
            return switch (kind) {
                case LITERAL -> text.equals(literal);
                case ONE -> true;
                case REST -> false;
                case USER, CLAIM -> values(who).stream().anyMatch(value -> isPlain(value) && value.equals(literal));
            };
        }

        private List<String> values(Principal who) {
            return kind == Kind.USER ? List.of(who.name()) : Claims.values(who, text);
        }

        /** Whether this covers another's word, whatever that stands for. */
        boolean covers(Word other, Principal who) {
            return kind == Kind.ONE || (other.kind == Kind.LITERAL && is(other.text, who));
        }

        /** Whether a word can be both; one that depends on a value that is no word can be any. */
        boolean meets(Word other, Principal who) {
            return other.kind == Kind.ONE || is(other.text, who) || isUnknown(who);
        }

        private boolean isUnknown(Principal who) {
            if (kind != Kind.USER && kind != Kind.CLAIM) {
                return false;
            }
            List<String> values = values(who);
            return values.isEmpty() || !values.stream().allMatch(DestinationPattern::isPlain);
        }

        boolean isRest() {
            return kind == Kind.REST;
        }
    }

    /** Null: every kind. */
    private final @Nullable String kind;

    private final List<Word> words;

    private DestinationPattern(@Nullable String kind, List<Word> words) {
        this.kind = kind;
        this.words = words;
    }

    /** The subject of a question: a destination or a pattern for them, as an authorizer gets it. */
    static DestinationPattern asked(String destination) {
        String kind = kindOf(destination);
        List<Word> words = new ArrayList<>(4);
        for (String word : split(kind, destination.substring(kind.length()), false)) {
            char separator = separator(words, word);
            String bare = separator == 0 ? word : word.substring(1);
            words.add(new Word(separator, wildcard(bare), bare));
        }
        return new DestinationPattern(kind, words);
    }

    /**
     * What a rule speaks of: a destination in which {@code *} stands for one word, {@code #}, last, for the rest, and
     * {@code {user}} and {@code {claim:NAME}} for what the principal has; {@code #} alone is everything.
     *
     * @throws IllegalArgumentException when it is none
     */
    static DestinationPattern ofRule(String text) {
        if (text.equals(EVERYTHING)) {
            return new DestinationPattern(null, List.of(new Word((char) 0, Kind.REST, text)));
        }
        String kind = kindOf(text);
        if (!KINDS.contains(kind)) {
            throw invalid(text, "it must begin with /topic/, /queue/ or /user/, or be # for everything");
        }
        List<Word> words = new ArrayList<>(4);
        for (String word : split(kind, text.substring(kind.length()), true)) {
            if (!words.isEmpty() && words.get(words.size() - 1).isRest()) {
                throw invalid(text, "# stands for the rest and must be its last word");
            }
            char separator = separator(words, word);
            words.add(wordOfRule(text, separator, separator == 0 ? word : word.substring(1)));
        }
        return new DestinationPattern(kind, List.copyOf(words));
    }

    private static Word wordOfRule(String text, char separator, String bare) {
        if (bare.isEmpty() || bare.charAt(0) == '.' || bare.charAt(0) == '/') {
            throw invalid(text, "a word of it is empty");
        }
        if (bare.indexOf(',') >= 0) {
            throw invalid(text, "it must be one destination, without a comma");
        }
        if (bare.equals(USER)) {
            return new Word(separator, Kind.USER, bare);
        }
        if (bare.startsWith(CLAIM) && bare.indexOf('}') == bare.length() - 1 && bare.length() > CLAIM.length() + 1) {
            return new Word(separator, Kind.CLAIM, bare.substring(CLAIM.length(), bare.length() - 1));
        }
        if (bare.indexOf('{') >= 0 || bare.indexOf('}') >= 0) {
            throw invalid(text, "braces are for {user} and {claim:NAME}, each a whole word");
        }
        boolean isAlias = bare.equals(">") || bare.equals("**");
        return new Word(separator, isAlias ? Kind.REST : wildcard(bare), bare);
    }

    private static IllegalArgumentException invalid(String text, String why) {
        return new IllegalArgumentException("invalid destination in a rule: " + text + ": " + why);
    }

    private static Kind wildcard(String bare) {
        return bare.equals("*") ? Kind.ONE : bare.equals("#") ? Kind.REST : Kind.LITERAL;
    }

    /** The first word in slashes; the whole text when there is none. */
    private static String kindOf(String text) {
        return text.substring(0, text.indexOf('/', 1) + 1);
    }

    private static char separator(List<Word> before, String word) {
        return before.isEmpty() ? 0 : word.charAt(0);
    }

    /**
     * Splits before each separator. The user's name in front of a /user destination is one word, dots and all.
     *
     * @param braces whether what is in braces holds together: claims have names with dots and slashes
     */
    private static List<String> split(String kind, String name, boolean braces) {
        List<String> words = new ArrayList<>(4);
        for (String word : DestinationWords.split(name)) {
            int last = words.size() - 1;
            boolean inUser = last == 0 && kind.equals(USER_KIND) && word.charAt(0) == '.';
            if (inUser || (braces && last >= 0 && isOpen(words.get(last)))) {
                words.set(last, words.get(last) + word);
            } else {
                words.add(word);
            }
        }
        return words;
    }

    private static boolean isOpen(String word) {
        return word.lastIndexOf('{') > word.lastIndexOf('}');
    }

    /** Whether a name can stand for itself as a word: a user may have any name, even {@code #}. */
    private static boolean isPlain(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            // %: how a slash in a user's name is written
            if (".,/*#>%{}".indexOf(c) >= 0 || Character.isWhitespace(c) || Character.isISOControl(c)) {
                return false;
            }
        }
        return !value.isEmpty();
    }

    /** Whether these are a user's destinations. */
    boolean isUsers() {
        return USER_KIND.equals(kind);
    }

    /** Whether all of what is asked for lies inside this, for a principal. */
    boolean contains(DestinationPattern asked, Principal who) {
        if (kind != null && !kind.equals(asked.kind)) {
            return false;
        }
        for (int i = 0; i < words.size(); i++) {
            Word mine = words.get(i);
            boolean end = i == asked.words.size();
            if (mine.isRest()) {
                return end || mine.separator == asked.words.get(i).separator;
            }
            if (end) {
                return false;
            }
            Word its = asked.words.get(i);
            if (its.isRest() || mine.separator != its.separator || !mine.covers(its, who)) {
                return false;
            }
        }
        return words.size() == asked.words.size();
    }

    /** Whether anything of what is asked for lies inside this, for a principal. */
    boolean overlaps(DestinationPattern asked, Principal who) {
        if (kind != null && !kind.equals(asked.kind)) {
            return false;
        }
        int common = Math.min(words.size(), asked.words.size());
        for (int i = 0; i < common; i++) {
            Word mine = words.get(i);
            Word its = asked.words.get(i);
            if (mine.isRest() && its.isRest()) {
                // both may be empty, whatever would have separated them
                return true;
            }
            if (mine.separator != its.separator) {
                return false;
            }
            if (mine.isRest() || its.isRest()) {
                return true;
            }
            if (!mine.meets(its, who)) {
                return false;
            }
        }
        return isEmptyRest(words, common) && isEmptyRest(asked.words, common);
    }

    private static boolean isEmptyRest(List<Word> words, int from) {
        return from == words.size() || words.get(from).isRest();
    }
}
