package dst.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import java.nio.file.Path;
import java.util.List;

/** Who may see whom. Maven forbids the same between modules; only this says it within protocol. */
final class Layers {
    private static final List<ArchRule> RULES = List.of(
            classes()
                    .that()
                    .resideInAnyPackage("dst.protocol..", "dst.nbd..")
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            "dst.protocol..",
                            "dst.nbd..",
                            "java.lang",
                            "java.lang.annotation",
                            "java.lang.classfile..",
                            "java.lang.constant",
                            "java.lang.invoke",
                            "java.lang.reflect",
                            "java.lang.runtime",
                            "java.math",
                            "java.nio",
                            "java.nio.charset",
                            "java.util",
                            "java.util.function",
                            "java.util.stream",
                            "java.util.zip",
                            "io.netty.buffer..",
                            "io.netty.util..",
                            "org.jspecify.annotations")
                    .because("protocol is machines: values in, values out"),
            noClasses()
                    .that()
                    .resideInAnyPackage("dst.protocol..", "dst.nbd..")
                    .and()
                    .resideOutsideOfPackage("dst.protocol.trace..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("java.lang.reflect", "java.lang.classfile..")
                    .because("only how a value is written down is taken from what the value is made of"),
            noClasses()
                    .that()
                    .resideInAPackage("dst.protocol..")
                    .and()
                    .resideOutsideOfPackage("dst.protocol.trace..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("dst.nbd..")
                    .because("the protocol is one kind of conversation, and NBD another"),
            noClasses()
                    .that()
                    .resideInAPackage("dst.protocol.trace..")
                    .should()
                    .dependOnClassesThat(resideInAPackage("dst.nbd..").and(resideOutsideOfPackage("dst.nbd.port")))
                    .because("a trace holds what machines of NBD are told and tell, and knows no more of them"),
            noClasses()
                    .that()
                    .resideInAPackage("dst.nbd.rules..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("dst.nbd", "dst.nbd.attach..", "dst.nbd.lending..")
                    .because("whoever judges does not ask whom he judges"),
            noClasses()
                    .that()
                    .resideInAnyPackage("dst.nbd", "dst.nbd.attach..", "dst.nbd.lending..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("dst.nbd.rules..", "dst.protocol.referee..")
                    .because("nobody knows his judge"),
            noClasses()
                    .that()
                    .resideInAPackage("dst.protocol.client..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("dst.protocol.server..", "dst.protocol.referee..")
                    .because("the two sides know each other by messages only, and neither knows its judge"),
            noClasses()
                    .that()
                    .resideInAPackage("dst.protocol.server..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("dst.protocol.client..", "dst.protocol.referee..")
                    .because("the two sides know each other by messages only, and neither knows its judge"),
            seesNoneOf("dst.sim..", "dst.realnode..", "dst.reports..", "dst.scenarios.."),
            seesNoneOf("dst.realnode..", "dst.sim..", "dst.reports..", "dst.scenarios.."),
            seesNoneOf("dst.reports..", "dst.sim..", "dst.realnode..", "dst.scenarios.."));

    private Layers() {}

    /** Each violation in one line; empty when all is in order. */
    static List<String> violations(List<Path> classFolders) {
        JavaClasses imported = new ClassFileImporter().importPaths(classFolders);
        return RULES.stream()
                .map(rule -> rule.allowEmptyShould(true).evaluate(imported))
                .map(EvaluationResult::getFailureReport)
                .flatMap(report -> report.getDetails().stream())
                .toList();
    }

    private static ArchRule seesNoneOf(String layer, String... others) {
        return noClasses()
                .that()
                .resideInAPackage(layer)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others)
                .because("sim, real-node and reports meet only in scenarios");
    }
}
