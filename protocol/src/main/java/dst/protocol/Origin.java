package dst.protocol;

import java.util.List;

/**
 * What links of one peer have in common, as far as anybody can tell (R7): its principal; and where that is an address of IPv6, the
 * network of 64 bits, of which every host has all addresses.
 */
public final class Origin {
    private static final int GROUPS = 8;
    private static final String LOOPBACK = "0:0:0:0:0:0:0:1";

    private Origin() {}

    public static String of(String principal) {
        if (principal.indexOf(':') < 0 || principal.equals(LOOPBACK)) {
            return principal;
        }
        List<String> groups = List.of(principal.split(":", -1));
        if (groups.size() != GROUPS || !groups.stream().allMatch(Origin::isGroup) || isLinkLocal(groups.getFirst())) {
            return principal;
        }
        return String.join(":", groups.subList(0, GROUPS / 2)) + "::/64";
    }

    /** A host makes up no other network on its own link; there the whole address tells who it is. */
    private static boolean isLinkLocal(String group) {
        return (Integer.parseInt(group, 16) & 0xFFC0) == 0xFE80;
    }

    private static boolean isGroup(String text) {
        return !text.isEmpty() && text.length() <= 4 && text.chars().allMatch(it -> Character.digit(it, 16) >= 0);
    }
}
