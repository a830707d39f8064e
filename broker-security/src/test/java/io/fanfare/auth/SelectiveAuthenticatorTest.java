package io.fanfare.auth;

import static io.fanfare.auth.Attempt.letIn;
import static io.fanfare.auth.Attempt.login;
import static io.fanfare.auth.Attempt.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.security.AuthenticationException;
import io.fanfare.security.Authenticator;
import io.fanfare.security.Credentials;
import io.fanfare.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Which of several authenticators decides. */
class SelectiveAuthenticatorTest {

    private final List<String> asked = new ArrayList<>();
    private final Authenticator both = SelectiveAuthenticator.firstOf(new ByPrefix("token"), new ByPrefix(""));

    @Test
    void theFirstThatRecognizesWhatIsThereDecides() {
        assertThat(letIn(both, login("alice", "token right")).name()).isEqualTo("token");
        assertThat(letIn(both, login("alice", "right")).name()).isEmpty();
        assertThat(asked).containsExactly("token", "");
    }

    @Test
    void whatOneRefusesNoOtherIsAskedFor() {
        assertThat(refused(both, login("alice", "token"))).isEqualTo("wrong");
        assertThat(asked).containsExactly("token");
    }

    @Test
    void whatNobodyRecognizesIsRefused() {
        assertThat(refused(both, login("alice", null))).isEqualTo("no credentials");
        assertThat(refused(SelectiveAuthenticator.firstOf(), login("alice", "right")))
                .isEqualTo("no credentials");
        assertThat(asked).isEmpty();
    }

    /** Recognizes passcodes that begin like this, and likes those that end with "right". */
    private final class ByPrefix implements SelectiveAuthenticator {

        private final String prefix;

        ByPrefix(String prefix) {
            this.prefix = prefix;
        }

        @Override
        public boolean recognizes(Credentials credentials) {
            return credentials.passcode() != null && credentials.passcode().startsWith(prefix);
        }

        @Override
        public CompletionStage<Principal> authenticate(Credentials credentials) {
            asked.add(prefix);
            return credentials.passcode().endsWith("right")
                    ? CompletableFuture.completedFuture(Principal.of(prefix))
                    : CompletableFuture.failedFuture(new AuthenticationException("wrong"));
        }
    }
}
