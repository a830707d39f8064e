package io.fanfare.security;

import io.fanfare.security.Authorizer.Action;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One line of what is allowed and what is not: {@code Rule.allow(Action.SUBSCRIBE, "/topic/prices.#").forRoles("trader")}.
 *
 * @param effect what it does
 * @param actions to which actions
 * @param to at which destinations: {@code /topic/}, {@code /queue/} or {@code /user/} and words, of which {@code *} stands
 *     for one, {@code #}, last, for the rest, {@code {user}} for the user's name and {@code {claim:NAME}} for a value of
 *     that claim; or {@code #} alone, for all
 * @param users it concerns these; empty: every user
 * @param roles it concerns users with one of these; empty: every user
 * @param claims it concerns users whose claims have, or list, all these values; empty: every user
 */
public record Rule(
        Effect effect,
        Set<Action> actions,
        List<String> to,
        Set<String> users,
        Set<String> roles,
        Map<String, String> claims) {

    /** What a rule does to the actions that it is about. */
    public enum Effect {
        ALLOW,
        DENY
    }

    private static final Set<Action> ALL = Set.of(Action.values());

    /**
     * A rule with all its parts.
     *
     * @throws IllegalArgumentException when it is about nothing, or a destination can't be understood
     */
    public Rule {
        actions = Set.copyOf(actions);
        to = List.copyOf(to);
        users = Set.copyOf(users);
        roles = Set.copyOf(roles);
        claims = Map.copyOf(claims);
        if (actions.isEmpty() || to.isEmpty()) {
            throw new IllegalArgumentException("a rule has at least one action and one destination");
        }
        to.forEach(DestinationPattern::ofRule);
    }

    /** Allows every user to send there, to subscribe, and to be told of presence. */
    public static Rule allow(String... to) {
        return new Rule(Effect.ALLOW, ALL, List.of(to), Set.of(), Set.of(), Map.of());
    }

    /** Allows every user to do this there. */
    public static Rule allow(Action action, String... to) {
        return new Rule(Effect.ALLOW, Set.of(action), List.of(to), Set.of(), Set.of(), Map.of());
    }

    /** Forbids every user to send there, to subscribe, and to be told of presence. */
    public static Rule deny(String... to) {
        return new Rule(Effect.DENY, ALL, List.of(to), Set.of(), Set.of(), Map.of());
    }

    /** Forbids every user to do this there. */
    public static Rule deny(Action action, String... to) {
        return new Rule(Effect.DENY, Set.of(action), List.of(to), Set.of(), Set.of(), Map.of());
    }

    /** The same for one of these users. */
    public Rule forUsers(String... names) {
        return new Rule(effect, actions, to, Set.of(names), roles, claims);
    }

    /** The same for users with one of these roles. */
    public Rule forRoles(String... names) {
        return new Rule(effect, actions, to, users, Set.of(names), claims);
    }

    /** The same for users whose claim has this value, or lists it; with other claims, for users with all of them. */
    public Rule forClaim(String name, String value) {
        Map<String, String> more = new HashMap<>(claims);
        more.put(name, value);
        return new Rule(effect, actions, to, users, roles, more);
    }
}
