package dst.realnode;

import dst.realnode.guard.ForeignText;
import java.nio.charset.StandardCharsets;

/** What an export may be called: the name stands in rules, lists and logs, and a folder of its state may be called so. */
public final class ExportName {
    private static final int BYTES_MAX = 255;
    private static final int SHOWN = 60;

    private ExportName() {}

    /** The name; fails with what is wrong with it. */
    public static String checked(String name) {
        if (name.isEmpty()) {
            throw new WrongInput("the name of an export is missing" + EXAMPLES);
        }
        if (name.equals(".") || name.equals("..")) {
            throw wrong(name, "a folder of the file system is called so");
        }
        if (name.contains("/") || name.contains("@")) {
            throw wrong(name, "it has no / and no @ in it");
        }
        if (!ForeignText.harmless(name).equals(name)) {
            throw wrong(name, "it has only letters in it that can be seen");
        }
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > BYTES_MAX) {
            throw wrong(name, "it has at most " + BYTES_MAX + " bytes as UTF-8, and this has " + bytes);
        }
        return name;
    }

    private static final String EXAMPLES = ". Write for example disk, or scratch-2";

    private static WrongInput wrong(String name, String why) {
        return new WrongInput(
                "'" + ForeignText.harmless(name, SHOWN) + "' cannot be the name of an export: " + why + EXAMPLES);
    }
}
