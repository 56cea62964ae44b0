package dst.realnode.net;

/** NIO does what every network has to do. */
class NioNetworkTest extends RealNetworkContract {
    @Override
    Transport transport() {
        return Transport.NIO;
    }
}
