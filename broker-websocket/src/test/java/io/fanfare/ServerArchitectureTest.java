package io.fanfare;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.fanfare.compression.Compression;
import io.fanfare.loop.BrokerClock;
import io.fanfare.loop.Connection;
import io.fanfare.loop.EventLoop;
import io.fanfare.loop.Framing;
import io.fanfare.loop.LogThrottle;
import io.fanfare.loop.Timer;
import io.fanfare.session.Session;
import java.util.Set;

/** Which way the arrows go round the server: broker-core <- server, broker-core <- client. */
@AnalyzeClasses(packages = "io.fanfare", importOptions = DoNotIncludeTests.class)
class ServerArchitectureTest {

    /** What a transport of the broker is written with, from the rooms behind the broker's API. */
    private static final Set<Class<?>> TRANSPORT_SEAM = Set.of(
            BrokerClock.class,
            Compression.class,
            EventLoop.class,
            Timer.class,
            Connection.class,
            Framing.class,
            LogThrottle.class,
            Session.class);

    private static final DescribedPredicate<JavaClass> API_OF_THE_CORE = resideInAnyPackage(
            "io.fanfare.broker",
            "io.fanfare.event",
            "io.fanfare.security",
            "io.fanfare.frame",
            "io.fanfare.options",
            "io.fanfare.files",
            "io.fanfare.status",
            "io.fanfare.statistics");

    private static final DescribedPredicate<JavaClass> CORE = resideInAPackage("io.fanfare..")
            .and(resideInAnyPackage("io.fanfare.server..", "io.fanfare.client..")
                    .negate());

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.fanfare.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule theInsideOfTheServerIsItsOwn = noClasses()
            .that()
            .resideOutsideOfPackage("io.fanfare.server..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.fanfare.server.internal..");

    @ArchTest
    static final ArchRule onlyTheApiOfTheCoreAndItsTransportSeamAreUsed = noClasses()
            .that()
            .resideInAnyPackage("io.fanfare.server..", "io.fanfare.client..")
            .should()
            .dependOnClassesThat(CORE.and(API_OF_THE_CORE.negate())
                    .and(describe(
                            "are not of the transport seam",
                            type -> TRANSPORT_SEAM.stream().noneMatch(type::isEquivalentTo))));

    @ArchTest
    static final ArchRule theClientNeedsTheWireFormatAlone = noClasses()
            .that()
            .resideInAPackage("io.fanfare.client..")
            .should()
            .dependOnClassesThat(CORE.and(resideInAPackage("io.fanfare.frame").negate()));

    @ArchTest
    static final ArchRule theCoreKnowsNeitherServerNorClient = noClasses()
            .that(CORE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.fanfare.server..", "io.fanfare.client..");

    @ArchTest
    static final ArchRule theServerKnowsNoClient = noClasses()
            .that()
            .resideInAPackage("io.fanfare.server..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.fanfare.client..");

    @ArchTest
    static final ArchRule theClientNeedsNothingOfTheServer = noClasses()
            .that()
            .resideInAPackage("io.fanfare.client..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.fanfare.server..", "org.glassfish..", "jakarta..");
}
