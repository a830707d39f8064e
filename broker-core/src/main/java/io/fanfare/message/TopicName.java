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
            return bare.equals(REST_ALIAS) || bare.equals(REST_ALIAS_2) ? separator(word) + "#" : word;
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
        return bare(word).equals("#");
    }

    /** {@code *}: one word. */
    public static boolean isOne(String word) {
        return bare(word).equals("*");
    }

    public static String separator(String word) {
        return !word.isEmpty() && DestinationWords.isSeparator(word.charAt(0)) ? word.substring(0, 1) : "";
    }

    public static String bare(String word) {
        return word.substring(separator(word).length());
    }
}
