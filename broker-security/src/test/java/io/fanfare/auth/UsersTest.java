package io.fanfare.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The lines of a users file. */
class UsersTest {

    private static final String HASH = PasswordHashTest.ARGON2ID;

    @Test
    void aLineIsNameHashAndRoles() {
        Users users = parse("# our users\n\nalice:" + HASH + ":admin, trader,,admin\r\n  bob : " + HASH + "  \n"
                + "jürgen@example.com:" + PasswordHashTest.BCRYPT + ":");
        assertThat(users.findOrDecoy("alice").roles()).containsExactlyInAnyOrder("admin", "trader");
        assertThat(users.findOrDecoy("bob").name()).isEqualTo("bob");
        assertThat(users.findOrDecoy("bob").roles()).isEmpty();
        assertThat(users.has("jürgen@example.com")).isTrue();
        assertThat(users.has("Alice")).isFalse();
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheFirstName() {
        assertThat(parse("\uFEFFalice:" + HASH).has("alice")).isTrue();
    }

    @Test
    void theDecoyOfANameIsAlwaysTheSameUser() {
        Users users = parse("alice:" + HASH + "\nbob:" + PasswordHashTest.BCRYPT);
        for (String name : List.of("mallory", "", "polygenelubricants", "\u0000")) {
            assertThat(users.has(name)).isFalse();
            assertThat(users.findOrDecoy(name)).isSameAs(users.findOrDecoy(name));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "alice|line 2: a line is NAME:HASH or NAME:HASH:ROLE,ROLE",
                "alice:HASH:a:b|line 2: a line is NAME:HASH or NAME:HASH:ROLE,ROLE",
                ":HASH|line 2: a user's name is missing",
                "alice:secret-in-the-clear|line 2: neither an argon2id nor a bcrypt hash;"
                        + " `fanfare user hash NAME` makes one",
                "alice:HASH#alice:HASH|line 3: this user has a line before",
                "al\u0007ice:HASH|line 2: a user's name has no colon and no control characters, and no # in front"
            })
    void aBrokenLineIsNamedByItsNumberAndNotShown(String lines, String sentence) {
        String content = "# first\n" + lines.replace('#', '\n').replace("HASH", HASH);
        assertThatIllegalArgumentException().isThrownBy(() -> parse(content)).withMessage(sentence);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", "# nobody\n"})
    void aFileWithoutUsersIsAMistake(String content) {
        assertThatIllegalArgumentException().isThrownBy(() -> parse(content)).withMessageStartingWith("no user in it");
    }

    @Test
    void whatIsNotUtf8IsAMistake() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Users.parse(("jürgen:" + HASH).getBytes(ISO_8859_1)))
                .withMessage("not UTF-8");
    }

    @Test
    void aNewLineCanBeReadAgain() {
        String line = UsersFile.line("alice", "tr0ub4dor&3", List.of("admin", "trader"));
        Users.User alice = parse(line).findOrDecoy("alice");
        assertThat(alice.roles()).containsExactlyInAnyOrder("admin", "trader");
        assertThat(alice.hash().matches("tr0ub4dor&3")).isTrue();
        assertThat(line).doesNotContain("tr0ub4dor");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a:b", "#a", " a", "a ", "a\nb"})
    void thereIsNoLineForANameThatCantBeRead(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> UsersFile.line(name, "x", List.of()));
    }

    @Test
    void thereIsNoLineWithoutAPasscode() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UsersFile.line("alice", "", List.of()))
                .withMessage("an empty passcode lets nobody in");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a,b", "a:b", "a\nb"})
    void thereIsNoLineForARoleThatCantBeRead(String role) {
        assertThatIllegalArgumentException().isThrownBy(() -> UsersFile.line("alice", "x", List.of(role)));
    }

    private static Users parse(String content) {
        return Users.parse(content.getBytes(UTF_8));
    }
}
