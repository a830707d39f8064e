package io.fanfare.security;

import java.util.Collections;
import java.util.List;

/**
 * Allows what one of its rules allows and none denies; everything else is refused. Their order does not matter.
 *
 * <p>A SUBSCRIBE to a pattern must lie inside what one rule allows, and touch nothing that a rule denies. A user's own
 * destinations, {@code /user/queue/...}, may be subscribed to without a rule, unless one denies it. A word {@code {user}}
 * or {@code {claim:NAME}} is compared with the value as it is; what is not one plain word (empty, with a separator, a
 * wildcard, a comma, a blank, {@code %}, a brace) matches no word of a rule that allows, and every word of one that denies.
 *
 * <p>Any thread may call.
 */
public final class Rules implements Authorizer {

    private record Compiled(Rule rule, List<DestinationPattern> patterns) {

        static Compiled of(Rule rule) {
            return new Compiled(
                    rule, rule.to().stream().map(DestinationPattern::ofRule).toList());
        }

        boolean concerns(Principal who, Action action) {
            return rule.actions().contains(action)
                    && (rule.users().isEmpty() || rule.users().contains(who.name()))
                    && (rule.roles().isEmpty() || !Collections.disjoint(rule.roles(), who.roles()))
                    && rule.claims().entrySet().stream()
                            .allMatch(
                                    claim -> Claims.values(who, claim.getKey()).contains(claim.getValue()));
        }

        boolean denies() {
            return rule.effect() == Rule.Effect.DENY;
        }
    }

    private volatile List<Compiled> rules;

    public Rules(List<Rule> rules) {
        this.rules = compile(rules);
    }

    public static Rules of(Rule... rules) {
        return new Rules(List.of(rules));
    }

    private static List<Compiled> compile(List<Rule> rules) {
        return rules.stream().map(Compiled::of).toList();
    }

    /** The rules in force. */
    public List<Rule> rules() {
        return rules.stream().map(Compiled::rule).toList();
    }

    /** Other rules from now on; {@link io.fanfare.broker.Broker#permissionsChanged} applies them to what goes on already. */
    public void replace(List<Rule> newRules) {
        rules = compile(newRules);
    }

    @Override
    public boolean allows(Principal principal, Action action, String destination) {
        DestinationPattern asked = DestinationPattern.asked(destination);
        boolean allowed = action == Action.SUBSCRIBE && asked.isUsers();
        for (Compiled each : rules) {
            if (!each.concerns(principal, action)) {
                continue;
            }
            if (each.denies()) {
                if (each.patterns().stream().anyMatch(denied -> denied.overlaps(asked, principal))) {
                    return false;
                }
            } else if (!allowed) {
                allowed = each.patterns().stream().anyMatch(allowance -> allowance.contains(asked, principal));
            }
        }
        return allowed;
    }
}
