package dst.realnode.host;

import dst.realnode.net.Connection;
import io.netty.buffer.ByteBuf;
import io.netty.util.collection.LongObjectHashMap;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/** The connections behind a machine's numbered links. */
public final class Links {
    private final LongObjectHashMap<Connection> links = new LongObjectHashMap<>();
    private final ArrayList<Connection> dirty = new ArrayList<>();

    public void add(long link, Connection connection) {
        links.put(link, connection);
    }

    public int count() {
        return links.size();
    }

    /** Takes the bytes over. */
    public void send(long link, ByteBuf bytes) {
        Connection connection = links.get(link);
        if (connection == null) {
            bytes.release();
        } else if (connection.send(bytes)) {
            dirty.add(connection);
        }
    }

    public void reading(long link, boolean wanted) {
        Connection connection = links.get(link);
        if (connection != null) {
            connection.reading(wanted);
        }
    }

    /** The machine wants no more of it; what it sent still goes out. */
    public void close(long link) {
        Connection connection = links.remove(link);
        if (connection != null) {
            connection.close();
        }
    }

    /** At once: what was sent and has not left is lost. */
    public void drop(long link) {
        Connection connection = links.remove(link);
        if (connection != null) {
            connection.drop();
        }
    }

    /** The link is gone. */
    public void forget(long link) {
        links.remove(link);
    }

    public @Nullable Connection find(long link) {
        return links.get(link);
    }

    public void flush() {
        for (int i = 0; i < dirty.size(); i++) {
            dirty.get(i).flush();
        }
        dirty.clear();
    }

    public void closeAll() {
        new ArrayList<>(links.values()).forEach(Connection::close);
        links.clear();
        dirty.clear();
    }
}
