package dst.realnode.net;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.uring.IoUring;

/** So does io_uring. */
class UringNetworkTest extends RealNetworkContract {
    @Override
    Transport transport() {
        assumeTrue(IoUring.isAvailable(), "there is no io_uring here");
        return Transport.IO_URING;
    }
}
