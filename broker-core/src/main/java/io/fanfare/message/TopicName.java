package io.fanfare.message;

import io.fanfare.security.DestinationWords;
import java.util.List;

/**
 * The words of a topic's name, or of a pattern for names. Each word but the first keeps the separator before it, because
 * {@code a.b} and {@code a/b} are two names.
 */
public final class TopicName {

    private static final String REST_ALIAS = ">";
    private static final String REST_ALIAS_2 = "**";

    private TopicName() {}

    /** Splits a name before each {@code .} and {@code /}. */
    public static List<String> split(String name) {
        return DestinationWords.split(name);
    }

    /** Splits a pattern; the aliases of {@code #} become {@code #}. */
    public static List<String> splitPattern(String pattern) {
        List<String> words = split(pattern);
        words.replaceAll(word -> {
            String bare = bare(word);
            return bare.equals(REST_ALIAS) || bare.equals(REST_ALIAS_2) ? rest(separator(word)) : word;
        });
        return words;
    }

    /** Whether the name has a word that stands for others: {@code *}, {@code #} or an alias. */
    static boolean isPattern(String name) {
        if (name.indexOf('*') < 0 && name.indexOf('#') < 0 && name.indexOf('>') < 0) {
            return false;
        }
        return split(name).stream().map(TopicName::bare).anyMatch(TopicName::isWildcard);
    }

    static boolean isWildcard(String bareWord) {
        return bareWord.equals("*")
                || bareWord.equals("#")
                || bareWord.equals(REST_ALIAS)
                || bareWord.equals(REST_ALIAS_2);
    }

    /** Whether the words of a name are what the pattern describes. */
    public static boolean matches(List<String> pattern, List<String> name) {
        int i = 0;
        for (; i < pattern.size(); i++) {
            String wanted = pattern.get(i);
            if (isRest(wanted)) {
                return i == name.size() || separator(wanted).equals(separator(name.get(i)));
            }
            if (i == name.size()) {
                return false;
            }
            String word = name.get(i);
            boolean same = isOne(wanted) ? separator(wanted).equals(separator(word)) : wanted.equals(word);
            if (!same) {
                return false;
            }
        }
        return i == name.size();
    }

    /** Whether every name that one pattern describes is one that the other describes, too. */
    public static boolean contains(List<String> pattern, List<String> inner) {
        int i = 0;
        for (; i < pattern.size(); i++) {
            String wanted = pattern.get(i);
            if (isRest(wanted)) {
                return i == inner.size() || separator(wanted).equals(separator(inner.get(i)));
            }
            if (i == inner.size() || isRest(inner.get(i)) || !hasAll(wanted, inner.get(i))) {
                return false;
            }
        }
        return i == inner.size();
    }

    private static boolean hasAll(String wanted, String inner) {
        return isOne(wanted) ? separator(wanted).equals(separator(inner)) : wanted.equals(inner);
    }

    /** Whether there may be a name that both patterns describe. */
    public static boolean overlap(List<String> one, List<String> other) {
        int common = Math.min(one.size(), other.size());
        for (int i = 0; i < common; i++) {
            String mine = one.get(i);
            String theirs = other.get(i);
            boolean isEither = isRest(mine) || isRest(theirs);
            boolean hasSameSeparator = separator(mine).equals(separator(theirs));
            if (isEither) {
                // with another separator the rest is no word
                return hasSameSeparator || (i + 1 >= one.size() && i + 1 >= other.size());
            }
            if (!hasSameSeparator || !(isOne(mine) || isOne(theirs) || mine.equals(theirs))) {
                return false;
            }
        }
        return one.size() == other.size()
                || (one.size() == common + 1 && isRest(one.get(common)))
                || (other.size() == common + 1 && isRest(other.get(common)));
    }

    /** What every matching name begins with. */
    public static String literalPrefix(List<String> pattern) {
        StringBuilder prefix = new StringBuilder();
        for (String word : pattern) {
            if (isRest(word) || isOne(word)) {
                break;
            }
            prefix.append(word);
        }
        return prefix.toString();
    }

    /** {@code #}: the rest, zero or more words. */
    public static boolean isRest(String word) {
        return isBare(word, '#');
    }

    /** {@code *}: one word. */
    public static boolean isOne(String word) {
        return isBare(word, '*');
    }

    private static boolean isBare(String word, char letter) {
        int last = word.length() - 1;
        return last >= 0
                && word.charAt(last) == letter
                && last == separator(word).length();
    }

    /** The separator that a word begins with; empty for the first word of a name. */
    public static String separator(String word) {
        if (word.isEmpty() || !DestinationWords.isSeparator(word.charAt(0))) {
            return "";
        }
        return word.charAt(0) == '.' ? "." : "/";
    }

    /** The word of a pattern for one word behind this separator. */
    public static String one(String separator) {
        return switch (separator) {
            case "." -> ".*";
            case "/" -> "/*";
            default -> "*";
        };
    }

    /** The word of a pattern for the rest of a name behind this separator. */
    public static String rest(String separator) {
        return switch (separator) {
            case "." -> ".#";
            case "/" -> "/#";
            default -> "#";
        };
    }

    public static String bare(String word) {
        return word.substring(separator(word).length());
    }
}
