package io.fanfare.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.frame.ProtocolException;
import io.fanfare.options.ConnectionLimits;
import io.fanfare.options.RateLimits;
import org.junit.jupiter.api.Test;

class UserQuotasTest {

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
    void aConnectionWithoutAUserIsNotCounted() {
        assertThat(users.counts("")).isFalse();
        assertThat(users.counts("alice")).isTrue();
    }
}
