package io.fanfare;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTag;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.CacheMode;
import com.tngtech.archunit.lang.ArchRule;
import io.fanfare.loop.BrokerClock;
import java.time.Instant;

/**
 * Which way the arrows go between the rooms of broker-core, as ARCHITECTURE.md draws them; and no I/O. What is known of the
 * classes goes with the test: it is 30 MB, which each collection in a later test of memory would go through.
 */
@AnalyzeClasses(packages = "io.fanfare", importOptions = DoNotIncludeTests.class, cacheMode = CacheMode.PER_CLASS)
class ArchitectureTest {

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.fanfare.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule arrowsGoDown = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("broker")
            .definedBy("io.fanfare.broker..")
            .layer("session")
            .definedBy("io.fanfare.session..")
            .layer("publish")
            .definedBy("io.fanfare.publish..")
            .layer("durable")
            .definedBy("io.fanfare.durable..")
            .layer("queue")
            .definedBy("io.fanfare.queue..")
            .layer("presence")
            .definedBy("io.fanfare.presence..")
            .layer("topic")
            .definedBy("io.fanfare.topic..")
            .layer("retention")
            .definedBy("io.fanfare.retention..")
            .layer("backplane")
            .definedBy("io.fanfare.backplane..")
            .layer("message")
            .definedBy("io.fanfare.message..")
            .layer("quota")
            .definedBy("io.fanfare.quota..")
            .layer("loop")
            .definedBy("io.fanfare.loop..")
            .layer("options")
            .definedBy("io.fanfare.options..")
            .layer("ground")
            .definedBy(
                    "io.fanfare.compression..",
                    "io.fanfare.security..",
                    "io.fanfare.selector..",
                    "io.fanfare.frame..",
                    "io.fanfare.files..",
                    "io.fanfare.status..",
                    "io.fanfare.event..",
                    "io.fanfare.statistics..")
            .whereLayer("broker")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("session")
            .mayOnlyBeAccessedByLayers("broker")
            .whereLayer("publish")
            .mayOnlyBeAccessedByLayers("broker", "session")
            .whereLayer("durable")
            .mayOnlyBeAccessedByLayers("broker", "session", "publish")
            // queues and topics do not know each other: a topic feeds a queue through an interface of message
            .whereLayer("queue")
            .mayOnlyBeAccessedByLayers("broker", "session", "publish", "durable")
            .whereLayer("presence")
            .mayOnlyBeAccessedByLayers("broker", "session", "publish")
            .whereLayer("topic")
            .mayOnlyBeAccessedByLayers("broker", "session", "publish", "presence", "durable")
            .whereLayer("retention")
            .mayOnlyBeAccessedByLayers("broker", "session", "publish", "topic", "presence", "durable")
            .whereLayer("backplane")
            .mayOnlyBeAccessedByLayers("broker", "session", "publish", "durable", "queue", "presence", "topic")
            .whereLayer("message")
            .mayOnlyBeAccessedByLayers(
                    "broker", "session", "publish", "durable", "queue", "presence", "topic", "retention", "backplane")
            .whereLayer("quota")
            .mayOnlyBeAccessedByLayers(
                    "broker", "session", "publish", "durable", "queue", "presence", "topic", "retention", "message")
            .whereLayer("loop")
            .mayOnlyBeAccessedByLayers(
                    "backplane",
                    "broker",
                    "session",
                    "publish",
                    "durable",
                    "queue",
                    "presence",
                    "topic",
                    "retention",
                    "message",
                    "quota")
            .whereLayer("options")
            .mayOnlyBeAccessedByLayers(
                    "broker",
                    "session",
                    "backplane",
                    "publish",
                    "durable",
                    "queue",
                    "presence",
                    "topic",
                    "retention",
                    "message",
                    "quota",
                    "loop");

    @ArchTest
    static final ArchRule theFaceAloneKnowsAllOptions = noClasses()
            .that()
            .resideOutsideOfPackage("io.fanfare.broker..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.fanfare.broker..");

    /** What waits is measured by a clock that does not jump; what others are told is the time of day. */
    @ArchTest
    @ArchTag("case-84")
    static final ArchRule onlyTimestampsAreTheTimeOfDay = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.fanfare.session..",
                    "io.fanfare.publish..",
                    "io.fanfare.durable..",
                    "io.fanfare.queue..",
                    "io.fanfare.presence..",
                    "io.fanfare.topic..",
                    "io.fanfare.retention..",
                    "io.fanfare.message..",
                    "io.fanfare.quota..",
                    "io.fanfare.loop..")
            .and()
            .doNotHaveFullyQualifiedName("io.fanfare.message.Message")
            .and()
            .doNotHaveFullyQualifiedName("io.fanfare.message.SendProperties")
            .and()
            .doNotHaveFullyQualifiedName("io.fanfare.presence.Presence")
            .and()
            // since when it keeps messages, for from:time
            .doNotHaveFullyQualifiedName("io.fanfare.retention.RetentionAccount")
            .should()
            .callMethod(BrokerClock.class, "millis");

    /** Tests move the clock, and find nothing that goes by another. */
    @ArchTest
    static final ArchRule onlyTheClockReadsTheTimeOfDay = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("io.fanfare.loop.SystemClock")
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Instant.class, "now");

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
                    "com.fasterxml..");
}
