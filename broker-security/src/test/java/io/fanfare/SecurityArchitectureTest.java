package io.fanfare;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Which way the arrows go round the ready-made security: broker-core <- security; the server is not needed. */
@AnalyzeClasses(packages = "io.fanfare", importOptions = DoNotIncludeTests.class)
class SecurityArchitectureTest {
    @ArchTest
    static final ArchRule securityNeedsNoServer = noClasses()
            .that()
            .resideInAPackage("io.fanfare.security..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.fanfare.server..", "io.fanfare.client..", "io.fanfare.cli..", "org.glassfish..", "jakarta..");

    @ArchTest
    static final ArchRule theCoreNeedsNoSecurity = noClasses()
            .that()
            .resideInAnyPackage("io.fanfare.frame..", "io.fanfare.selector..", "io.fanfare.broker..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.fanfare.security..", "com.nimbusds..", "com.password4j..", "com.github.benmanes..");
}
