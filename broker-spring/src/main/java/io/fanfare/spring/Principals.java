package io.fanfare.spring;

import io.fanfare.security.Principal;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.util.ClassUtils;

/** Users of Spring as the broker knows users. */
final class Principals {

    private static final boolean HAS_SECURITY =
            ClassUtils.isPresent("org.springframework.security.core.Authentication", Principals.class.getClassLoader());

    private Principals() {}

    /** A user of the same name, with the authorities of Spring Security as roles; anonymous without a user. */
    static Principal of(java.security.@Nullable Principal user) {
        if (user == null) {
            return Principal.of("");
        }
        Set<String> roles = HAS_SECURITY ? Security.roles(user) : Set.of();
        return new Principal(user.getName(), roles, Map.of(), null);
    }

    /** Loaded where Spring Security is there. */
    private static final class Security {

        static Set<String> roles(java.security.Principal user) {
            if (!(user instanceof Authentication authentication)) {
                return Set.of();
            }
            return authentication.getAuthorities().stream()
                    .map(GrantedAuthority::getAuthority)
                    .filter(authority -> authority != null)
                    .collect(Collectors.toUnmodifiableSet());
        }
    }
}
