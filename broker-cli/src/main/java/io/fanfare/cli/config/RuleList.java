package io.fanfare.cli.config;

import io.fanfare.cli.config.ConfigNode.Entry;
import io.fanfare.cli.config.ConfigNode.Scalar;
import io.fanfare.cli.config.Type.Word;
import io.fanfare.cli.config.ValueTypes.ListOf;
import io.fanfare.cli.config.ValueTypes.Text;
import io.fanfare.frame.Printable;
import io.fanfare.security.Authorizer.Action;
import io.fanfare.security.Rule;
import io.fanfare.security.Rule.Effect;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The type of {@code permissions}, a list of rules: {@code [{allow: subscribe, to: [/topic/a], roles: [b]}]}. */
record RuleList() implements Type<List<Rule>> {

    private static final String FORM =
            "a list of rules such as {allow: subscribe, to: [/topic/prices], roles: [trader]}";
    private static final Text TEXT = new Text("a text of one line", ".{0,255}");
    private static final Text NAME = new Text("claims whose names are texts of one line", ".{1,255}");
    private static final ListOf<String> TEXTS = new ListOf<>(TEXT);
    private static final ActionWord ACTIONS = new ActionWord();

    /** The actions of a rule. */
    private record ActionWord() implements Word<Set<Action>> {

        @Override
        public String form() {
            return "publish, subscribe, presence or all";
        }

        @Override
        public @Nullable Set<Action> parse(String text) {
            return switch (text) {
                case "publish" -> Set.of(Action.SEND);
                case "subscribe" -> Set.of(Action.SUBSCRIBE);
                case "presence" -> Set.of(Action.PRESENCE);
                case "all" -> Set.of(Action.values());
                default -> null;
            };
        }

        @Override
        public String write(Set<Action> actions) {
            if (actions.size() > 1) {
                return "all";
            }
            return switch (actions.iterator().next()) {
                case SEND -> "publish";
                case SUBSCRIBE -> "subscribe";
                case PRESENCE -> "presence";
            };
        }
    }

    @Override
    public List<Rule> read(ConfigNode node) {
        return ConfigNode.readAll(node.items(FORM), RuleList::rule);
    }

    private static Rule rule(ConfigNode node) {
        Effect effect = null;
        Set<Action> actions = Set.of();
        List<String> to = List.of();
        List<String> users = List.of();
        List<String> roles = List.of();
        Map<String, String> claims = Map.of();
        for (Entry entry : node.entries("a rule such as {allow: subscribe, to: [/topic/prices]}")) {
            ConfigNode value = entry.value();
            switch (entry.name()) {
                case "allow", "deny" -> {
                    if (effect != null) {
                        throw node.refused("must have allow or deny, and not both");
                    }
                    effect = entry.name().equals("allow") ? Effect.ALLOW : Effect.DENY;
                    actions = ACTIONS.read(value);
                }
                case "to" -> to = TEXTS.read(value);
                case "users" -> users = someOf(value);
                case "roles" -> roles = someOf(value);
                case "claims" -> claims = claims(value);
                default ->
                    throw new ConfigException(
                            entry.place(),
                            "unknown key " + Printable.of(value.key())
                                    + "; a rule has allow or deny, to, users, roles and claims");
            }
        }
        if (effect == null || to.isEmpty()) {
            throw node.refused("must have allow or deny, and to");
        }
        try {
            return new Rule(effect, actions, to, Set.copyOf(users), Set.copyOf(roles), claims);
        } catch (IllegalArgumentException e) {
            throw node.refused("is no rule: " + e.getMessage());
        }
    }

    /** Refuses an empty list of users or roles, which would make a rule for all clients. */
    private static List<String> someOf(ConfigNode node) {
        List<String> names = TEXTS.read(node);
        if (names.isEmpty()) {
            throw node.refused("must not be empty; leave it out when the rule is for everybody");
        }
        return names;
    }

    private static Map<String, String> claims(ConfigNode node) {
        Map<String, String> claims = new LinkedHashMap<>();
        for (Entry entry : node.entries("claims with their values such as {team: red}")) {
            String name = NAME.read(new Scalar(node.key(), entry.place(), entry.name()));
            claims.put(name, TEXT.read(entry.value()));
        }
        if (claims.isEmpty()) {
            throw node.refused("must not be empty; leave it out when the rule is for everybody");
        }
        return claims;
    }

    @Override
    public String write(List<Rule> rules) {
        return rules.stream().map(RuleList::write).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String write(Rule rule) {
        StringBuilder out = new StringBuilder(rule.effect() == Effect.ALLOW ? "{allow: " : "{deny: ");
        out.append(ACTIONS.write(rule.actions())).append(", to: ").append(TEXTS.write(rule.to()));
        append(out, "users", rule.users());
        append(out, "roles", rule.roles());
        if (!rule.claims().isEmpty()) {
            out.append(", claims: ")
                    .append(new TreeMap<>(rule.claims())
                            .entrySet().stream()
                                    .map(claim -> TEXT.write(claim.getKey()) + ": " + TEXT.write(claim.getValue()))
                                    .collect(Collectors.joining(", ", "{", "}")));
        }
        return out.append('}').toString();
    }

    private static void append(StringBuilder out, String key, Set<String> names) {
        if (!names.isEmpty()) {
            out.append(", ").append(key).append(": ").append(TEXTS.write(List.copyOf(new TreeSet<>(names))));
        }
    }
}
