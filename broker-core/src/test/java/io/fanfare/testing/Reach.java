package io.fanfare.testing;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import io.fanfare.frame.Headers;
import io.fanfare.message.Message;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The rule that no class is a corridor: few others ask it for one of its parts in order to get at that part. */
public final class Reach {

    private static final int MOST = 14;

    private Reach() {}

    /** Fails when a class is one that 15 others reach through. */
    public static void check(JavaClasses classes) {
        Map<String, Set<String>> users = usersOf(classes);
        assertThat(users).as("classes that are asked for a part").isNotEmpty();
        users.values().removeIf(all -> all.size() <= MOST);
        assertThat(users).isEmpty();
    }

    private static Map<String, Set<String>> usersOf(JavaClasses classes) {
        Map<String, Set<String>> users = new HashMap<>();
        for (JavaClass user : classes.that(describe("are not of tests", Reach::isMain))) {
            for (JavaMethodCall call : user.getMethodCallsFromSelf()) {
                JavaClass asked = outermost(call.getTargetOwner());
                if (!asked.equals(outermost(user)) && givesAPart(call)) {
                    users.computeIfAbsent(asked.getName(), name -> new HashSet<>())
                            .add(outermost(user).getName());
                }
            }
        }
        return users;
    }

    /** ArchUnit leaves out the tests of the module at hand, and not jars with those of others. */
    private static boolean isMain(JavaClass type) {
        return type.getSource()
                .map(source -> source.getUri().toString())
                .filter(uri -> uri.contains("-tests.jar!") || uri.contains("/test-classes/"))
                .isEmpty();
    }

    /** A method without parameters that returns neither a value nor what others implement. */
    private static boolean givesAPart(JavaMethodCall call) {
        JavaClass part = call.getTarget().getRawReturnType();
        return call.getTarget().getRawParameterTypes().isEmpty()
                && call.getTargetOwner().getPackageName().startsWith("io.fanfare")
                && part.getPackageName().startsWith("io.fanfare")
                && !part.isRecord()
                && !part.isEnum()
                && !part.isInterface()
                && !part.isEquivalentTo(Headers.class)
                && !part.isEquivalentTo(Message.class)
                // its own builder, for instance
                && !outermost(part).equals(outermost(call.getTargetOwner()));
    }

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(Reach::outermost).orElse(type);
    }
}
