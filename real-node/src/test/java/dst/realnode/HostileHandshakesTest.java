package dst.realnode;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** Peers that come and do not get through their handshake: half ones, garbage, strangers, floods, silence. */
class HostileHandshakesTest extends Besieged {
    @Test
    void halfHandshakesOfNbdKeepNobodyOut() throws Exception {
        held(number -> {
            PlainNbd half = new PlainNbd(HOSTILE, nbd);
            half.greet();
            half.out.write(new byte[number % 16]);
            return half;
        });
        saysWhy("turned away: R7: there are too many connections whose handshake is not over");
    }

    @Test
    void halfHandshakesOfTheProtocolKeepNobodyOut() throws Exception {
        byte[] preamble = preamble();
        held(number -> {
            PlainNbd half = new PlainNbd(HOSTILE, protocol);
            half.out.write(preamble, 0, number % preamble.length);
            return half;
        });
        saysWhy("no more links are taken at once");
    }

    @Test
    void garbageIsTurnedAwayWithItsReason() throws Exception {
        attack(number -> {
            byte[] garbage = new byte[4096];
            new Random(number).nextBytes(garbage);
            for (String address : List.of(nbd, protocol)) {
                try (PlainNbd peer = new PlainNbd(HOSTILE, address)) {
                    peer.out.write(garbage);
                    peer.in.readAllBytes();
                }
            }
        });
        saysWhy("turned away: client flags", "turned away: H1");
    }

    @Test
    void strangersAreRefusedOnceEach() throws Exception {
        attack(number -> {
            try (PlainNbd peer = new PlainNbd(STRANGER, nbd)) {
                peer.greet();
                peer.option(1, 4);
                peer.out.write("disk".getBytes(StandardCharsets.UTF_8));
                peer.in.readAllBytes();
            }
        });
        saysWhy("there is no export disk");
    }

    @Test
    void peersThatVanishLeaveNothingBehind() throws Exception {
        long connections = connections();
        attack(number -> {
            PlainNbd early = new PlainNbd(HOSTILE, nbd);
            if (number % 2 == 0) {
                early.greet();
            }
            early.reset();
            PlainNbd late = PlainNbd.use(HOSTILE, nbd, "disk");
            late.request(1, 0, 1 << 20, new byte[1000]);
            late.request(0, 0, 1 << 20, new byte[0]);
            late.reset();
            new PlainNbd(HOSTILE, protocol).reset();
        });
        awaitConnections(connections);
    }

    @Test
    void silentPeersAreLetGo() throws Exception {
        long connections = connections();
        List<PlainNbd> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 50; i++) {
                silent.add(new PlainNbd(HOSTILE, nbd));
                silent.add(new PlainNbd(HOSTILE, protocol));
            }
            awaitConnections(connections);
        } finally {
            silent.forEach(PlainNbd::close);
        }
        saysWhy("the handshake took too long");
    }

    @Test
    void connectFloodDisturbsNobody() throws Exception {
        long connections = connections();
        for (int i = 0; i < 3; i++) {
            attack(number -> new PlainNbd(HOSTILE, number % 2 == 0 ? nbd : protocol).close());
        }
        awaitConnections(connections);
    }

    private interface Half {
        PlainNbd open(int number) throws IOException;
    }

    /** Opens all of them and keeps them, while an honest newcomer gets in. */
    private void held(Half half) throws Exception {
        ConcurrentLinkedQueue<PlainNbd> open = new ConcurrentLinkedQueue<>();
        try {
            attack(number -> {
                open.add(half.open(number));
                if (number % 500 == 0) {
                    try (PlainNbd newcomer = PlainNbd.use("127.0.0.1", nbd, "disk")) {
                        newcomer.read(0, 512);
                    }
                }
            });
            assertTrue(connections() <= 3 + 256, "more than the limit are there");
            try (PlainNbd newcomer = PlainNbd.use("127.0.0.1", nbd, "disk")) {
                newcomer.read(0, 512);
            }
        } finally {
            open.forEach(PlainNbd::close);
        }
    }
}
