package io.fanfare;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows between broker-core and the ready-made authenticators: broker-core <- auth, and no server is needed. */
@AnalyzeClasses(packages = "io.fanfare", importOptions = DoNotIncludeTests.class)
class SecurityArchitectureTest {

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.fanfare.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule authNeedsNoServer = noClasses()
            .that()
            .resideInAPackage("io.fanfare.auth..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.fanfare.server..", "io.fanfare.client..", "io.fanfare.cli..", "org.glassfish..", "jakarta..");

    @ArchTest
    static final ArchRule theCoreNeedsNoAuth = noClasses()
            .that()
            .resideOutsideOfPackage("io.fanfare.auth..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.fanfare.auth..", "com.nimbusds..", "com.password4j..", "com.github.benmanes..");
}
