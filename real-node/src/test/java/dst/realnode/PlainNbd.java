package dst.realnode;

import dst.protocol.Patience;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** The smallest NBD client that there can be, and the parts of which one that is up to no good is made. */
final class PlainNbd implements AutoCloseable {
    static final long OPTION_MAGIC = 0x49484156454F5054L;
    static final int REQUEST_MAGIC = 0x25609513;
    private static final int SIMPLE_MAGIC = 0x67446698;
    private static final int PATIENCE_MILLIS = (int) Patience.SECONDS * 1000;

    final Socket socket = new Socket();
    final DataInputStream in;
    final DataOutputStream out;
    private long cookies;

    /** Comes from that address of this machine, and has not said anything yet. */
    PlainNbd(String from, String server) throws IOException {
        int colon = server.lastIndexOf(':');
        socket.setTcpNoDelay(true);
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
        socket.connect(
                new InetSocketAddress(server.substring(0, colon), Integer.parseInt(server.substring(colon + 1))),
                PATIENCE_MILLIS);
        socket.setSoTimeout(PATIENCE_MILLIS);
        in = new DataInputStream(socket.getInputStream());
        out = new DataOutputStream(socket.getOutputStream());
    }

    /** Uses the export. */
    static PlainNbd use(String from, String server, String export) throws IOException {
        PlainNbd nbd = new PlainNbd(from, server);
        try {
            nbd.greet();
            byte[] name = export.getBytes(StandardCharsets.UTF_8);
            nbd.option(1, name.length);
            nbd.out.write(name);
            nbd.in.readLong();
            nbd.in.readShort();
            return nbd;
        } catch (IOException failed) {
            nbd.close();
            throw failed;
        }
    }

    void greet() throws IOException {
        in.readFully(new byte[18]);
        out.writeInt(3);
    }

    void option(int option, int length) throws IOException {
        out.write(java.nio.ByteBuffer.allocate(16)
                .putLong(OPTION_MAGIC)
                .putInt(option)
                .putInt(length)
                .array());
    }

    void request(int command, long offset, int length, byte[] payload) throws IOException {
        out.write(java.nio.ByteBuffer.allocate(28 + payload.length)
                .putInt(REQUEST_MAGIC)
                .putShort((short) 0)
                .putShort((short) command)
                .putLong(++cookies)
                .putLong(offset)
                .putInt(length)
                .put(payload)
                .array());
    }

    void write(long offset, byte[] content) throws IOException {
        request(1, offset, content.length, content);
        answered();
    }

    byte[] read(long offset, int length) throws IOException {
        request(0, offset, length, new byte[0]);
        return answer(length);
    }

    /** Of a read that was asked for. */
    byte[] answer(int length) throws IOException {
        answered();
        byte[] content = new byte[length];
        in.readFully(content);
        return content;
    }

    void flush() throws IOException {
        request(3, 0, 0, new byte[0]);
        answered();
    }

    /** Takes the head of an answer that says that all went well; which request it is for, counted from 1. */
    long answered() throws IOException {
        if (in.readInt() != SIMPLE_MAGIC) {
            throw new IOException("no answer");
        }
        int error = in.readInt();
        long cookie = in.readLong();
        if (error != 0) {
            throw new IOException("error " + error);
        }
        return cookie;
    }

    /** It is gone without a word. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException _) {
            // It is gone either way.
        }
    }
}
