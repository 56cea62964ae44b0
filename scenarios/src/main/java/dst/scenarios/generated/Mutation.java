package dst.scenarios.generated;

import dst.protocol.Side;

/**
 * One mutation of one method, loaded for one side. Of the same code each has the same identity, in every JVM.
 *
 * @param className the class in which it is
 * @param method its name and descriptor
 * @param place which of the method's instructions
 * @param mutator what kind of mutation, as its engine calls it
 * @param line in the source; 0 if it is not known
 * @param what is done, in the engine's words
 */
public record Mutation(Side side, String className, String method, int place, String mutator, int line, String what) {
    /** Tells it from every other one. */
    public String id() {
        return side.name().toLowerCase(java.util.Locale.ROOT) + " " + className + "." + method + " " + kind() + " "
                + place;
    }

    /** The class without {@code dst.}, and the method. */
    public String where() {
        return className.substring("dst.".length()) + "." + method.substring(0, method.indexOf('('));
    }

    public String packageName() {
        return className.substring(0, className.lastIndexOf('.'));
    }

    /** The mutator's name without what all of them have. */
    public String kind() {
        String name = mutator.substring(mutator.lastIndexOf('.') + 1);
        return name.endsWith("Mutator") ? name.substring(0, name.length() - "Mutator".length()) : name;
    }
}
