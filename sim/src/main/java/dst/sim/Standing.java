package dst.sim;

import java.util.Arrays;
import java.util.List;

/** A fault that stands in the make of a plan from the beginning. It is struck where it made a difference, once for each place. */
public enum Standing {
    /** A client and a server with pages of different sizes: both have received from the other over one link. */
    PAGE_SIZES("page-sizes"),
    /** Kernels that keep little: something sent on a link had to wait for room in them. */
    KERNEL_BUFFERS("kernel-buffers"),
    /** A client and a server with different programs: both have received from the other over one link. */
    PROGRAMS("programs"),
    /** A program that keeps to nothing: it did something of its own. */
    HOSTILE("hostile"),
    /** A program that speaks NBD to its device: an operation of it settled. */
    NBD("nbd"),
    /** Operations on the same blocks: one was submitted while a change of its place was under way at the same client. */
    OVERLAP("overlap"),
    /** More than one client for an export: one took it over from another. */
    TAKEOVER("takeover");

    private final String kind;

    Standing(String kind) {
        this.kind = kind;
    }

    /** The names of all of them. */
    public static List<String> kinds() {
        return Arrays.stream(values()).map(Standing::kind).toList();
    }

    /** As plans and reports name it, beside the kinds of {@link Fault}. */
    public String kind() {
        return kind;
    }
}
