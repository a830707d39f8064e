package io.fanfare;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.CacheMode;
import io.fanfare.frame.Headers;
import io.fanfare.message.Message;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** No class is a corridor: few others ask it for one of its parts in order to get at that part. */
@AnalyzeClasses(packages = "io.fanfare", importOptions = DoNotIncludeTests.class, cacheMode = CacheMode.PER_CLASS)
class ReachTest {

    private static final int MOST = 14;

    @ArchTest
    static void fewClassesReachThroughAnother(JavaClasses classes) {
        Map<String, Set<String>> users = new HashMap<>();
        for (JavaClass user : classes) {
            for (JavaMethodCall call : user.getMethodCallsFromSelf()) {
                JavaClass asked = outermost(call.getTargetOwner());
                if (!asked.equals(outermost(user)) && givesAPart(call)) {
                    users.computeIfAbsent(asked.getName(), name -> new HashSet<>())
                            .add(outermost(user).getName());
                }
            }
        }
        assertThat(users).hasSizeGreaterThan(20);
        users.values().removeIf(all -> all.size() <= MOST);
        assertThat(users).isEmpty();
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
                && !part.equals(call.getTargetOwner());
    }

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(ReachTest::outermost).orElse(type);
    }
}
