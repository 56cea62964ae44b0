package dst.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** Who has the artifacts and not the tree can use them: what a module's description asks for is known to its parent's. */
final class PublishedTest {
    private static final Pattern PROPERTY = Pattern.compile("\\$\\{([^}]*)}");

    @Test
    void everyModuleAsksForWhatItsParentKnows() {
        Element root = description("pom.xml");
        assertEquals(
                List.of(),
                Stream.concat(Stream.of("pom.xml"), Tree.MODULES.stream().map(module -> module + "/pom.xml"))
                        .flatMap(file ->
                                violations(description(file), root).stream().map(violation -> file + ": " + violation))
                        .toList());
    }

    @Test
    void whatWouldNotBeFoundOutsideOfTheTreeIsCaught() {
        Element root = description("pom.xml");
        assertEquals(
                List.of(
                        "its parent is 0.0.7",
                        "nobody says what ${netty.versoin} is",
                        "dst-protocol is a test-jar, and not for tests only",
                        "lies is a file of one machine"),
                violations(parsed("""
                                <project>
                                  <parent><version>0.0.7</version></parent>
                                  <dependencies>
                                    <dependency><artifactId>netty-buffer</artifactId><version>${netty.versoin}</version></dependency>
                                    <dependency><artifactId>dst-protocol</artifactId><type>test-jar</type></dependency>
                                    <dependency><artifactId>lies</artifactId><scope>system</scope></dependency>
                                    <dependency><artifactId>clojure</artifactId><version>${clojure.version}</version></dependency>
                                    <dependency><artifactId>dst-sim</artifactId><type>test-jar</type><scope>test</scope></dependency>
                                  </dependencies>
                                </project>"""), root));
    }

    private static List<String> violations(Element description, Element root) {
        List<String> violations = new ArrayList<>();
        for (Element parent : all(description, "parent")) {
            if (!text(parent, "version").equals(text(root, "version"))) {
                violations.add("its parent is " + text(parent, "version"));
            }
        }
        Set<String> known = new TreeSet<>();
        NodeList properties = all(root, "properties").getFirst().getChildNodes();
        for (int i = 0; i < properties.getLength(); i++) {
            known.add(properties.item(i).getNodeName());
        }
        for (Element dependency : all(description, "dependency")) {
            PROPERTY.matcher(dependency.getTextContent())
                    .results()
                    .filter(used ->
                            !known.contains(used.group(1)) && !used.group(1).equals("project.version"))
                    .forEach(used -> violations.add("nobody says what " + used.group() + " is"));
            String name = text(dependency, "artifactId");
            if (text(dependency, "type").equals("test-jar")
                    && !text(dependency, "scope").equals("test")) {
                violations.add(name + " is a test-jar, and not for tests only");
            }
            if (text(dependency, "scope").equals("system")) {
                violations.add(name + " is a file of one machine");
            }
        }
        return violations;
    }

    /** What stands directly within; empty if nothing does. */
    private static String text(Element whole, String name) {
        for (Element part : all(whole, name)) {
            if (part.getParentNode() == whole) {
                return part.getTextContent().strip();
            }
        }
        return "";
    }

    private static List<Element> all(Element whole, String name) {
        NodeList found = whole.getElementsByTagName(name);
        List<Element> all = new ArrayList<>();
        for (int i = 0; i < found.getLength(); i++) {
            all.add((Element) found.item(i));
        }
        return all;
    }

    private static Element description(String file) {
        try {
            return parsed(Files.readString(Tree.root().resolve(file)));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Element parsed(String xml) {
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(xml)))
                    .getDocumentElement();
        } catch (Exception wrong) {
            throw new IllegalArgumentException("no description of a module", wrong);
        }
    }
}
