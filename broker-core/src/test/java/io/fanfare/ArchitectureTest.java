package io.fanfare;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTag;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Which way the arrows go inside broker-core: frame, selector <- broker <- security; and no I/O. */
@AnalyzeClasses(packages = "io.fanfare", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.fanfare.(**)").should().beFreeOfCycles().allowEmptyShould(true);

    @ArchTest
    static final ArchRule theWireFormatKnowsNobody = noClasses()
            .that()
            .resideInAPackage("io.fanfare.frame..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.fanfare.broker..", "io.fanfare.selector..", "io.fanfare.security..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule selectorsKnowOnlyTheWireFormat = noClasses()
            .that()
            .resideInAPackage("io.fanfare.selector..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.fanfare.broker..", "io.fanfare.security..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule theBrokerKnowsNoReadyMadeSecurity = noClasses()
            .that()
            .resideInAPackage("io.fanfare.broker..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.fanfare.security..")
            .allowEmptyShould(true);

    /** What waits is measured by a clock that does not jump; what others are told is the time of day. */
    @ArchTest
    @ArchTag("case-84")
    static final ArchRule onlyTimestampsAreTheTimeOfDay = noClasses()
            .that()
            .resideInAPackage("io.fanfare.broker..")
            .and()
            .doNotHaveFullyQualifiedName("io.fanfare.broker.Broker")
            .and()
            .doNotHaveFullyQualifiedName("io.fanfare.session.SendHandler")
            .should()
            .callMethod(System.class, "currentTimeMillis");

    @ArchTest
    static final ArchRule theCoreDoesNoIo = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "java.net..",
                    "java.nio.channels..",
                    "javax.net..",
                    "jakarta..",
                    "org.glassfish..",
                    "com.fasterxml..")
            .allowEmptyShould(true);
}
