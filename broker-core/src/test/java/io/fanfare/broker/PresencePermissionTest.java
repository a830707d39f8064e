package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broker.Presences.Guest;
import io.fanfare.frame.CloseCode;
import io.fanfare.options.TopicRule;
import io.fanfare.security.Authorizer;
import io.fanfare.security.Authorizer.Action;
import io.fanfare.security.Rule;
import io.fanfare.security.Rules;
import io.fanfare.testing.Received;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Presence has a permission of its own. */
class PresencePermissionTest extends BrokerTest {

    private final Presences rooms = new Presences(this);

    private void authorizer(Authorizer authorizer) {
        brokerWith(BrokerOptions.builder()
                .topics(t -> t.rules(List.of(TopicRule.of("/topic/room.#").withPresence())))
                .auth(a -> a.authorizer(authorizer))
                .build());
    }

    @Test
    @DisplayName("the authorizer is asked for PRESENCE, about the topic")
    void theAuthorizerIsAskedAboutTheTopic() {
        List<String> asked = new ArrayList<>();
        authorizer((principal, action, destination) -> asked.add(action + " " + destination));
        rooms.watch("").got(Presences.EMPTY);
        assertThat(asked).containsExactly("PRESENCE /topic/room.a");
    }

    @Test
    @DisplayName("to subscribe to a topic is not to see its presence")
    void subscribeIsNotEnough() {
        authorizer(Rules.of(Rule.allow(Action.SUBSCRIBE, "/topic/#"), Rule.allow(Action.SEND, "/topic/#")));
        rooms.watch("").gotError(CloseCode.POLICY, "not allowed", "you may not SUBSCRIBE to '/presence/topic/room.a'");
    }

    @Test
    @DisplayName("a rule for presence is enough, and one for all actions too")
    void aRuleForPresence() {
        authorizer(Rules.of(Rule.allow(Action.PRESENCE, "/topic/room.a")));
        rooms.watch("").got(Presences.EMPTY);
        authorizer(Rules.of(Rule.allow("/topic/#")));
        rooms.watch("").got(Presences.EMPTY);
    }

    @Test
    @DisplayName(
            "a permission that is withdrawn ends the subscription, and the presence of what may not be subscribed to")
    void withdrawn() {
        Rules rules = Rules.of(Rule.allow("/topic/#"));
        authorizer(rules);
        Guest alice = rooms.connect("soft-errors:true\n");
        alice.sends("SUBSCRIBE\nid:in\ndestination:/topic/room.a\n\n^@");
        rooms.gather();
        Client bob = rooms.watch("");
        bob.takeAll();
        rules.replace(List.of(Rule.allow(Action.PRESENCE, "/topic/#")));
        broker.permissionsChanged();
        settle();
        rooms.gather();
        Received left = bob.next("the leave");
        assertThat(left.header("reason")).isEqualTo("closed");
        assertThat(left.text()).matches(alice.json(""));
        rules.replace(List.of());
        broker.permissionsChanged();
        settle();
        bob.gotError(CloseCode.POLICY, "permission withdrawn", "/presence/topic/room.a");
    }
}
