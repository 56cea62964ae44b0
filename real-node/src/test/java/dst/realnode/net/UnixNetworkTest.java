package dst.realnode.net;

/** So does a Unix socket. */
class UnixNetworkTest extends RealNetworkContract {
    @Override
    Transport transport() {
        return Transport.best();
    }

    @Override
    Address address() {
        return new Address.Unix(folder.resolve("socket"));
    }
}
