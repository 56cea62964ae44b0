package dst.protocol.model;

import dst.protocol.model.Operation.Served;

/**
 * What was sent, by either side, over whatever link. It stays in the network until it can have no effect any more, so that it
 * arrives at any time, in any order, as often as it likes, or never.
 *
 * @param operation its id; in a REPLAYED the client
 * @param settled a request: the ids that its client had settled when it was sent (T3)
 * @param result an answer: what became of the operation
 * @param value the answer of a READ: what was read
 */
record Message(Type type, int operation, int boot, int settled, Served result, int value, int execution, int commit)
        implements Comparable<Message> {
    enum Type {
        REQUEST,
        ANSWER,
        REPLAYED
    }

    static Message request(int operation, int boot, int settled) {
        return new Message(Type.REQUEST, operation, boot, settled, Served.NOT, 0, 0, 0);
    }

    static Message answer(int operation, int boot, Served result, int value, int execution, int commit) {
        return new Message(Type.ANSWER, operation, boot, 0, result, value, execution, commit);
    }

    static Message replayed(int client, int boot) {
        return new Message(Type.REPLAYED, client, boot, 0, Served.NOT, 0, 0, 0);
    }

    /** A set of ids after one that is not in use any more was taken out of the list. */
    static int without(int set, int gone) {
        int below = (1 << gone) - 1;
        return (set & below) | (set >>> 1 & ~below);
    }

    Message without(int gone) {
        if (type == Type.REPLAYED) {
            return this;
        }
        int moved = operation > gone ? operation - 1 : operation;
        return new Message(type, moved, boot, without(settled, gone), result, value, execution, commit);
    }

    long key() {
        return type.ordinal()
                | (long) operation << 2
                | (long) boot << 7
                | (long) settled << 11
                | (long) result.ordinal() << 31
                | (long) value << 34
                | (long) execution << 38
                | (long) commit << 46;
    }

    @Override
    public int compareTo(Message other) {
        return Long.compare(key(), other.key());
    }
}
