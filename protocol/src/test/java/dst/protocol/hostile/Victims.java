package dst.protocol.hostile;

import dst.protocol.Agreement;
import dst.protocol.Boot;
import dst.protocol.ClientPolicy;
import dst.protocol.ClientSettings;
import dst.protocol.Device;
import dst.protocol.Export;
import dst.protocol.Machine;
import dst.protocol.Permission;
import dst.protocol.Terms;
import dst.protocol.Unique;

/** How both sides are set up when they are attacked: with small limits, so that they are reached. */
final class Victims {
    static final int BLOCK = 512;
    static final int BLOCKS = 64;
    static final int SIZE = BLOCKS * BLOCK;
    static final int LARGEST = 4 * BLOCK;
    static final int BYTES_MAX = 8 * LARGEST;
    static final int RETAINED_MAX = 32 * LARGEST;

    /** Ids from 1 on that need no settled set. */
    static final int WINDOW = 511;

    /** What the attacker may have. */
    static final String EXPORT = "mine";

    /** Its honest neighbour's, on the same disk. */
    static final String NEIGHBOUR = "the neighbour's";

    static final Terms TERMS =
            new Terms(Terms.CRC32C, Terms.PLAIN, Terms.FUA | Terms.TRIM | Terms.ZERO, 5_000, LARGEST, 16, BYTES_MAX);
    static final Device DEVICE = new Device(new Unique(1, 2), SIZE, BLOCK, Permission.BOTH);
    static final Agreement AGREEMENT = new Agreement(1, TERMS, DEVICE);
    static final Unique TOKEN = new Unique(0xBAD, 1);
    static final Boot BOOT = boot(1);

    private Victims() {}

    static Boot boot(long counter) {
        return new Boot(counter, new Unique(counter, 99));
    }

    static Export export(String name, int place) {
        return new Export(name, 0, (long) place * SIZE, DEVICE, TERMS, false);
    }

    static ClientSettings settings(String export) {
        return new ClientSettings(
                export,
                TERMS,
                Unique.NONE,
                Machine.NEVER,
                2 * ClientSettings.SECOND,
                ClientSettings.SECOND / 10,
                RETAINED_MAX,
                5,
                ClientPolicy.ORDINARY);
    }
}
