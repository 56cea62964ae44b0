package dst.realnode.net;

import dst.protocol.Tools;
import io.netty.channel.epoll.Epoll;

/** So does epoll. */
class EpollNetworkTest extends RealNetworkContract {
    @Override
    Transport transport() {
        Tools.require(Epoll.isAvailable(), "there is no epoll here");
        return Transport.EPOLL;
    }
}
