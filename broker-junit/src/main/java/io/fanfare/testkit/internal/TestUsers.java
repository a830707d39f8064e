package io.fanfare.testkit.internal;

import io.fanfare.security.AuthenticationException;
import io.fanfare.security.Authenticator;
import io.fanfare.security.Authorizer;
import io.fanfare.security.Credentials;
import io.fanfare.security.Principal;
import io.fanfare.security.Rule;
import io.fanfare.security.Rules;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Users of a test, with passwords in plain text: a hash would cost each login a tenth of a second. */
public final class TestUsers implements Authenticator, Authorizer {

    private final Map<String, String> passcodes;
    private final boolean loginRequired;
    private final Set<String> limited = new HashSet<>();
    private final Rules permits;

    /**
     * Users with passwords.
     *
     * @param loginRequired whether clients without a login are refused
     * @param permits allow some users something; the others may everything
     */
    public TestUsers(Map<String, String> passcodes, boolean loginRequired, List<Rule> permits) {
        this.passcodes = Map.copyOf(passcodes);
        this.loginRequired = loginRequired;
        this.permits = new Rules(permits);
        permits.forEach(each -> limited.addAll(each.users()));
    }

    @Override
    public CompletionStage<Principal> authenticate(Credentials credentials) {
        String login = credentials.login();
        if (login == null || login.isEmpty()) {
            if (loginRequired) {
                throw new AuthenticationException("no login");
            }
            return CompletableFuture.completedFuture(Principal.of(""));
        }
        if (!passcodes.containsKey(login) || !passcodes.get(login).equals(credentials.passcode())) {
            throw new AuthenticationException("no such user, or another passcode: " + login);
        }
        return CompletableFuture.completedFuture(Principal.of(login));
    }

    @Override
    public boolean allows(Principal principal, Action action, String destination) {
        return !limited.contains(principal.name()) || permits.allows(principal, action, destination);
    }
}
