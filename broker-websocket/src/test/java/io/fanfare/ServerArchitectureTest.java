package io.fanfare;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Which way the arrows go round the server: broker-core <- server, broker-core <- client. */
@AnalyzeClasses(packages = "io.fanfare", importOptions = DoNotIncludeTests.class)
class ServerArchitectureTest {
    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.fanfare.(*)..").should().beFreeOfCycles().allowEmptyShould(true);

    @ArchTest
    static final ArchRule theCoreKnowsNeitherServerNorClient = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.fanfare.frame..", "io.fanfare.selector..", "io.fanfare.broker..", "io.fanfare.security..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.fanfare.server..", "io.fanfare.client..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule theServerKnowsNeitherClientNorCommandLineNorReadyMadeSecurity = noClasses()
            .that()
            .resideInAPackage("io.fanfare.server..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.fanfare.client..", "io.fanfare.cli..", "io.fanfare.auth..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule theClientNeedsNothingOfTheServer = noClasses()
            .that()
            .resideInAPackage("io.fanfare.client..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.fanfare.server..", "io.fanfare.cli..", "org.glassfish..", "jakarta..")
            .allowEmptyShould(true);
}
