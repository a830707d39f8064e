package io.fanfare.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.frame.ProtocolException;
import io.fanfare.options.ConnectionLimits;
import io.fanfare.options.RateLimits;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class UserQuotasTest {

    private static final long HALF_A_SECOND = Duration.ofMillis(500).toNanos();

    private final UserQuotas users =
            new UserQuotas(ConnectionLimits.builder().maxConnectionsPerUser(2).build(), RateLimits.DEFAULT);

    @Test
    void aUserIsForgottenWithTheLastConnection() {
        UserQuota alice = users.enter("alice");
        assertThat(users.enter("alice")).as("one for all connections").isSameAs(alice);
        users.leave(alice);
        assertThat(users.enter("alice")).as("remembered").isSameAs(alice);
        users.leave(alice);
        users.leave(alice);
        assertThat(users.enter("alice")).as("forgotten").isNotSameAs(alice);
    }

    @Test
    void oneConnectionTooManyIsRefusedAndDoesNotCount() {
        UserQuota alice = users.enter("alice");
        users.enter("alice");
        assertThatThrownBy(() -> users.enter("alice"))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("this user has 2 connections, its limit is 2 (max_connections_per_user)");
        users.leave(alice);
        assertThat(users.enter("alice")).isSameAs(alice);
    }

    @Test
    void aMessageWithoutAConnectionCountsForItsUser() {
        UserQuotas rated = rated();
        for (int i = 0; i < 3; i++) {
            rated.message("alice", 10, 0);
        }
        assertThatThrownBy(() -> rated.message("alice", 10, 0))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("this user has sent more than 2 messages of one user a second (max_user_message_rate)");
        rated.message("bob", 10, 0);
        rated.message("", 10, 0);
        rated.message("alice", 10, HALF_A_SECOND);
    }

    @Test
    void aNewConnectionDoesNotRenewARate() {
        UserQuotas rated = rated();
        UserQuota alice = rated.enter("alice");
        for (int i = 0; i < 3; i++) {
            rated.message("alice", 10, 0);
        }
        rated.leave(alice);
        assertThat(rated.enter("alice").messages().ahead(0)).isEqualTo(HALF_A_SECOND);
    }

    /** Two messages a second, and as many at once. */
    private static UserQuotas rated() {
        return new UserQuotas(
                ConnectionLimits.DEFAULT,
                RateLimits.builder()
                        .maxUserMessageRate(2)
                        .rateBurst(Duration.ofSeconds(1))
                        .build());
    }

    @Test
    void aConnectionWithoutAUserIsNotCounted() {
        assertThat(users.counts("")).isFalse();
        assertThat(users.counts("alice")).isTrue();
    }
}
