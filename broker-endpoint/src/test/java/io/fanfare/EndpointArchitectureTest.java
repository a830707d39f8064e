package io.fanfare;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.fanfare.loop.Connection;
import io.fanfare.loop.EventLoop;
import io.fanfare.loop.Framing;
import io.fanfare.loop.ThreadLoop;
import io.fanfare.loop.Timer;
import io.fanfare.session.Session;
import io.fanfare.testing.Reach;
import java.util.Set;

/** What the endpoint is written with: the core's API and its transport seam, and Jakarta WebSocket of whatever container. */
@AnalyzeClasses(packages = "io.fanfare", importOptions = DoNotIncludeTests.class)
class EndpointArchitectureTest {

    private static final Set<Class<?>> TRANSPORT_SEAM =
            Set.of(EventLoop.class, ThreadLoop.class, Timer.class, Connection.class, Framing.class, Session.class);

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.fanfare.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule onlyTheApiOfTheCoreAndItsTransportSeamAreUsed = noClasses()
            .that()
            .resideInAPackage("io.fanfare.endpoint..")
            .should()
            .dependOnClassesThat(resideInAPackage("io.fanfare..")
                    .and(resideInAnyPackage(
                                    "io.fanfare.endpoint..",
                                    "io.fanfare.broker",
                                    "io.fanfare.security",
                                    "io.fanfare.frame",
                                    "io.fanfare.options",
                                    "io.fanfare.statistics")
                            .negate())
                    .and(describe(
                            "are not of the transport seam",
                            (JavaClass type) -> TRANSPORT_SEAM.stream().noneMatch(type::isEquivalentTo))));

    @ArchTest
    static final ArchRule noContainerIsKnown = noClasses()
            .that()
            .resideInAPackage("io.fanfare.endpoint..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache..", "org.eclipse..", "org.glassfish..", "jakarta.servlet..");

    @ArchTest
    static void fewClassesReachThroughAnother(JavaClasses classes) {
        Reach.check(classes);
    }
}
