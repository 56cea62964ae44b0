package dst.realnode.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dst.nbd.port.LendingControl;
import dst.nbd.port.NbdExport;
import dst.protocol.DurablePort;
import dst.protocol.Holder;
import dst.protocol.Unique;
import dst.protocol.trace.Tap;
import dst.realnode.Refused;
import dst.realnode.access.AccessRules;
import dst.realnode.disk.Disks;
import dst.realnode.disk.RealDisk;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** What is listed is what would be given, whatever keeps an export from somebody. */
class OfferedExportsTest {
    private static final String SOMEBODY = "10.0.0.7";
    private static final String ANOTHER = "10.0.0.8";
    private static final Holder HOLDER = new Holder(1, new Unique(1, 1));
    private static final List<String> NAMES = List.of("a", "b", "c", "d");

    /** One that hears of nothing. */
    private static final SharedLending.User CONNECTION = new SharedLending.User() {
        @Override
        public void drain() {}

        @Override
        public void cut(String why) {}
    };

    @Test
    void whatIsHeldForbiddenOrBeingResizedIsNotListed() {
        try (Offer offer = new Offer()) {
            NAMES.forEach(name -> offer.open(name + "=memory:1MiB"));
            offer.allow("*=rw");
            assertEquals(Set.copyOf(NAMES), offer.listed());
            offer.grant("a", HOLDER);
            offer.allow("b@*=none");
            offer.keepAway("c");
            assertEquals(Set.of("d"), offer.listed());
            assertEquals(offer.listed(), offer.given());
            offer.grant("a", HOLDER.ended(true));
            offer.exports.withdraw(offer.export("d"), 1);
            assertEquals(Set.of("a"), offer.listed());
        }
    }

    @Test
    void whatOthersUseOverNbdIsListed() throws Refused {
        try (Offer offer = new Offer()) {
            offer.open("a=memory:1MiB");
            offer.allow("*=rw");
            offer.exports.take(ANOTHER, "a", CONNECTION);
            assertEquals(Set.of("a"), offer.listed());
        }
    }

    /** A bit for each export: held, forbidden, being resized, shared, in use over NBD. */
    @Property
    void whatIsListedIsWhatIsGiven(
            @ForAll byte helds, @ForAll byte forbidden, @ForAll byte resized, @ForAll byte shared, @ForAll byte used)
            throws Refused {
        try (Offer offer = new Offer()) {
            offer.allow("*=r");
            for (int i = 0; i < NAMES.size(); i++) {
                String name = NAMES.get(i);
                offer.open(name + "=memory:4KiB" + (isSet(shared, i) ? ",shared" : ""));
                if (isSet(used, i)) {
                    offer.exports.take(ANOTHER, name, CONNECTION);
                } else if (isSet(helds, i)) {
                    offer.grant(name, HOLDER);
                }
                if (isSet(forbidden, i)) {
                    offer.allow(name + "@10.0.0.0/8=none");
                }
                if (isSet(resized, i)) {
                    offer.keepAway(name);
                }
            }
            assertEquals(offer.given(), offer.listed());
        }
    }

    private static boolean isSet(byte bits, int bit) {
        return (bits >> bit & 1) != 0;
    }

    /** What a server offers, and a user of the protocol who is only spoken of. */
    private static final class Offer implements AutoCloseable {
        final AccessRules rules = new AccessRules();
        final List<RealDisk> disks = new ArrayList<>();
        final OfferedExports exports =
                new OfferedExports(rules, new NbdPeers(NbdPeers.USUAL, 1 << 20, new ScheduledThreadPoolExecutor(0)));

        /** From now on a client of the protocol holds it, or nobody does. */
        void grant(String name, Holder holder) {
            export(name).lending.heard(new LendingControl.Granting(holder));
            export(name).lending.heard(new DurablePort.Kept(name, holder));
        }

        void keepAway(String name) {
            export(name).lending.resize(4096, 1);
        }

        private OpenExport export(String name) {
            return Objects.requireNonNull(exports.find(name));
        }

        @Override
        public void close() {
            disks.forEach(RealDisk::close);
        }

        void allow(String rule) {
            rules.add(rule, NAMES);
        }

        void open(String text) {
            ExportSpec spec = ExportSpec.parse(text);
            try {
                RealDisk disk = Disks.open(spec.source(), Disks.Options.usual(PooledByteBufAllocator.DEFAULT));
                disks.add(disk);
                exports.add(new OpenExport(spec, disks.size(), disk, disk.state(), Tap.BLIND));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        Set<String> listed() {
            Set<String> names = new LinkedHashSet<>();
            for (NbdExport export : exports.givenTo(SOMEBODY)) {
                names.add(export.name());
            }
            return names;
        }

        /** By asking for each of them, as INFO does. */
        Set<String> given() {
            Set<String> names = new LinkedHashSet<>();
            for (String name : NAMES) {
                try {
                    exports.giveBack(exports.take(SOMEBODY, name, CONNECTION));
                    names.add(name);
                } catch (Refused _) {
                    // Not this one.
                }
            }
            return names;
        }
    }
}
