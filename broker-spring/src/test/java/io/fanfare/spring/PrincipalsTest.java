package io.fanfare.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.security.Principal;
import org.junit.jupiter.api.Test;
import org.springframework.security.authentication.TestingAuthenticationToken;

/** Users of Spring as the broker knows users. */
class PrincipalsTest {

    @Test
    void theAuthoritiesOfSpringSecurityAreRoles() {
        Principal alice = Principals.of(new TestingAuthenticationToken("alice", "secret", "ROLE_USER", "SCOPE_chat"));
        assertThat(alice.name()).isEqualTo("alice");
        assertThat(alice.roles()).containsExactlyInAnyOrder("ROLE_USER", "SCOPE_chat");
        assertThat(alice.expires()).isNull();
    }

    @Test
    void anyPrincipalIsAUserAndNoneIsAnonymous() {
        assertThat(Principals.of(() -> "bob")).isEqualTo(Principal.of("bob"));
        assertThat(Principals.of(null)).isEqualTo(Principal.of(""));
    }
}
