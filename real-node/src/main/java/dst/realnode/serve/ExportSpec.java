package dst.realnode.serve;

import dst.protocol.Permission;
import dst.realnode.ExportName;
import dst.realnode.WrongInput;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An export as a user writes it: {@code NAME=SOURCE[,OPTION...]}.
 *
 * @param block the block size; 0: the source's own
 * @param adopt the identity that is given up for what is there now; empty: none
 */
public record ExportSpec(
        String name,
        String source,
        boolean readOnly,
        boolean shared,
        boolean direct,
        int block,
        String state,
        String adopt) {
    private static final Pattern IDENTITY = Pattern.compile("[0-9a-f]{32}");

    private static final String EXAMPLES =
            ". Write for example disk=data.img, disk=/dev/sdb,direct, scratch=memory:1GiB, disk=data.img,ro,block=4096"
                    + " or far=nbd://host/name,state=DIRECTORY";

    /** What it permits at most, whoever comes. */
    Permission most() {
        return readOnly ? Permission.READ : Permission.BOTH;
    }

    public static ExportSpec parse(String text) {
        int equals = text.indexOf('=');
        if (equals < 1 || equals == text.length() - 1) {
            throw new WrongInput("'" + text + "' is no export: it is NAME=SOURCE" + EXAMPLES);
        }
        String name = ExportName.checked(text.substring(0, equals).strip());
        String[] parts = text.substring(equals + 1).split(",", -1);
        Map<String, String> options = new LinkedHashMap<>();
        for (int i = 1; i < parts.length; i++) {
            int sign = parts[i].indexOf('=');
            options.put(
                    sign < 0 ? parts[i].strip() : parts[i].substring(0, sign).strip(),
                    sign < 0 ? "" : parts[i].substring(sign + 1).strip());
        }
        boolean readOnly = flag(options, "ro");
        boolean shared = flag(options, "shared");
        boolean direct = flag(options, "direct");
        int block = block(text, options.remove("block"));
        String state = options.remove("state");
        String adopt = adopt(name, options.remove("adopt"));
        if (!options.isEmpty()) {
            throw new WrongInput("export " + name + ": there is no option '"
                    + options.keySet().iterator().next()
                    + "': there are ro, shared, direct, block=SIZE, state=DIRECTORY and adopt=IDENTITY");
        }
        return new ExportSpec(
                name, parts[0].strip(), readOnly || shared, shared, direct, block, state == null ? "" : state, adopt);
    }

    private static String adopt(String name, @Nullable String identity) {
        if (identity != null && !IDENTITY.matcher(identity).matches()) {
            throw new WrongInput(
                    "export " + name + ": adopt=IDENTITY names the disk that is given up, in the 32 digits that"
                            + " the refusal to open it told, not '" + identity + "'");
        }
        return identity == null ? "" : identity;
    }

    private static boolean flag(Map<String, String> options, String name) {
        String value = options.remove(name);
        if (value != null && !value.isEmpty()) {
            throw new WrongInput("the option " + name + " takes no value, and got '" + value + "'");
        }
        return value != null;
    }

    private static int block(String text, @Nullable String value) {
        if (value == null) {
            return 0;
        }
        try {
            int block = Integer.parseInt(value);
            if (Integer.bitCount(block) == 1 && block >= 512 && block <= 65_536) {
                return block;
            }
        } catch (NumberFormatException _) {
            // Said below.
        }
        throw new WrongInput("'" + text + "': a block size is a power of two from 512 to 65536, not '" + value + "'");
    }
}
