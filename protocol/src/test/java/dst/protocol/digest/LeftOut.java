package dst.protocol.digest;

import java.lang.reflect.Field;
import java.util.Map;

/** What a machine has and its digest need not show, each with the reason why it decides nothing. */
final class LeftOut {
    private static final Map<String, String> REASONS = Map.ofEntries(
            Map.entry("ClientOutbox.outputs", "where the host wants the outputs of this step"),
            Map.entry("ServerOutbox.outputs", "where the host wants the outputs of this step"),
            Map.entry("ClientOutbox.encoder", "an encoder keeps only its scratch memory from message to message"),
            Map.entry("ServerOutbox.encoder", "an encoder keeps only its scratch memory from message to message"),
            Map.entry("Client.now", "set anew at the beginning of each step"),
            Map.entry("Client.saidGoodbye", "set in the step that ends the machine"),
            Map.entry("Server.now", "set anew at the beginning of each step"),
            Map.entry("Decoder.heads", "remembers only which object stands for the boot that was read last"),
            Map.entry("Decoder.checksum", "begun anew for each use"),
            Map.entry("Decoder.frame", "bytes, not a field to be changed: see DecoderDigestTest"),
            Map.entry("Decoder.incomplete", "read from the frame, of which all bytes are in the digest"),
            Map.entry("Copies.pages", "the host's memory"),
            Map.entry("Copies.bytesMax", "said by the settings, which are in the digest once"),
            Map.entry("Operations.settings", "the same object as in ClientLinks, where it is in the digest"),
            Map.entry("Dispatch.settings", "the same object as in ClientLinks, where it is in the digest"),
            Map.entry("Attachment.freshlySettled", "filled and read within one step"),
            Map.entry("Memory.most", "said by the settings, which are in the digest once"),
            Map.entry(
                    "Task.account",
                    "that of the attachment that it is among the tasks of; if it is over, only its name is asked for"),
            Map.entry("Epochs.exports", "the same as in Exports, where they are in the digest"),
            Map.entry("Leaving.exports", "the same as in Exports, where they are in the digest"),
            Map.entry("Epochs.sharedMax", "said by the settings, which are in the digest once"),
            Map.entry("Arrived.count", "counted from the buffers"),
            Map.entry("Session.settings", "the same object as in ClientLinks, where it is in the digest"),
            Map.entry("Standing.slots", "said by the settings, which are in the digest once"),
            Map.entry("Standing.unsentMax", "said by the settings, which are in the digest once"),
            Map.entry("ClientLink.unsentMax", "said by the settings, which are in the digest once"),
            Map.entry("Session.slot", "its link has the same"),
            Map.entry("Order.last", "where the walk from the first ends"),
            Map.entry("Place.previous", "the same list, seen from its end"),
            Map.entry("Transactions.first", "those sent, in the order of their ids"),
            Map.entry("Transactions.last", "those sent, in the order of their ids"),
            Map.entry("Transaction.next", "those sent, in the order of their ids"),
            Map.entry("Transaction.previous", "those sent, in the order of their ids"),
            Map.entry("Transactions.sentCount", "counted from those sent"),
            Map.entry("Transactions.sentBytes", "counted from those sent"),
            Map.entry("Transactions.retainable", "counted from those sent"),
            Map.entry("Transactions.waking", "all that wake, in the order of their times"),
            Map.entry(
                    "Transaction.over", "one that is over is nowhere but where a flush of the client's own may begin"),
            Map.entry("Transaction.data", "its checksum is in the digest, and nobody changes a byte (T6)"),
            Map.entry("Content.data", "its checksum is in the digest, and nobody changes a byte (T6)"),
            Map.entry("Request.payload", "its checksum is in the digest; the task has the bytes"),
            Map.entry("Settled.size", "counted from the others when the set is made"));

    /** The fields that say of an object that it is over: whoever still points to it asks for nothing else. */
    private static final Map<String, Boolean> OVER =
            Map.of("ClientLink.open", false, "ServerLink.closed", true, "Transaction.over", true);

    private LeftOut() {}

    /** Whether what is in this object decides nothing any more. */
    static boolean isOver(Object object) {
        for (Map.Entry<String, Boolean> over : OVER.entrySet()) {
            String[] name = over.getKey().split("\\.", 2);
            if (object.getClass().getSimpleName().equals(name[0])) {
                try {
                    Field field = object.getClass().getDeclaredField(name[1]);
                    field.setAccessible(true);
                    if (over.getValue().equals(field.get(object))) {
                        return true;
                    }
                } catch (ReflectiveOperationException wrong) {
                    throw new AssertionError(wrong);
                }
            }
        }
        return false;
    }

    static boolean contains(String field) {
        return REASONS.containsKey(field);
    }

    static Map<String, String> reasons() {
        return REASONS;
    }
}
