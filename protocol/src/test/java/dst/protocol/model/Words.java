package dst.protocol.model;

import java.util.StringJoiner;

/** The names under which contents and blocks appear in a trace. */
final class Words {
    private Words() {}

    static String value(int value) {
        return value == 0 ? "zeros" : "w" + value;
    }

    static String values(int set) {
        StringJoiner names = new StringJoiner(" or ");
        for (int value = 0; set >>> value != 0; value++) {
            if ((set >>> value & 1) != 0) {
                names.add(value(value));
            }
        }
        return names.toString();
    }

    static String block(int block) {
        return String.valueOf((char) ('a' + block));
    }

    static String client(int client) {
        return "client " + (client + 1);
    }

    static String flush(Server.Flush flush) {
        return flush.takeover()
                ? "the takeover's flush"
                : flush.tasks() == 0 ? "a flush of others" : "the client's flush";
    }

    static String contents(int[] contents) {
        StringJoiner names = new StringJoiner(", ");
        for (int block = 0; block < contents.length; block++) {
            names.add("block " + block(block) + " holds " + value(contents[block]));
        }
        return names.toString();
    }
}
