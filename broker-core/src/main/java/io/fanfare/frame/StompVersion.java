package io.fanfare.frame;

import java.util.List;
import java.util.Optional;

/** A version of STOMP, and what a header's bytes look like in it (STOMP 1.0, 1.1 and 1.2, Value Encoding). */
public enum StompVersion {
    V1_0("1.0", "", ""),
    V1_1("1.1", "\\\n:", "\\nc"),
    V1_2("1.2", "\\\n:\r", "\\ncr");

    /** The versions Fanfare speaks, as an {@code accept-version} or {@code version} header lists them. */
    public static final String ALL = "1.0,1.1,1.2";

    private static final List<StompVersion> VERSIONS = List.of(values());

    private final String text;
    private final String plain;
    private final String letters;

    StompVersion(String text, String plain, String letters) {
        this.text = text;
        this.plain = plain;
        this.letters = letters;
    }

    /**
     * The highest version that both sides know.
     *
     * @param acceptVersion the client's {@code accept-version}: versions separated by commas; unknown ones and blanks
     *     around them are ignored
     */
    public static Optional<StompVersion> highestOf(String acceptVersion) {
        StompVersion highest = null;
        for (String offered : acceptVersion.split(",")) {
            for (StompVersion version : VERSIONS) {
                boolean isHigher = highest == null || version.compareTo(highest) > 0;
                if (isHigher && version.text.equals(offered.strip())) {
                    highest = version;
                }
            }
        }
        return Optional.ofNullable(highest);
    }

    /** Whether names and values are escaped at all. */
    public boolean escapes() {
        return this != V1_0;
    }

    /** Leading and trailing blanks belong to a value from 1.1 on; 1.0 trims them (STOMP 1.1, What's new). */
    public boolean trims() {
        return this == V1_0;
    }

    /** The byte that {@code \letter} stands for, or -1 where this version does not define it. */
    int unescape(int letter) {
        int i = letters.indexOf(letter);
        return i < 0 ? -1 : plain.charAt(i);
    }

    /** The letter that follows the backslash when this byte is escaped, or -1 when it stands for itself. */
    int escape(int b) {
        int i = plain.indexOf(b);
        return i < 0 ? -1 : letters.charAt(i);
    }

    /** The version's number, such as {@code 1.2}. */
    @Override
    public String toString() {
        return text;
    }
}
