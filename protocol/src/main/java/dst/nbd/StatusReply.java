package dst.nbd;

import dst.nbd.port.Extent;
import java.util.ArrayList;
import java.util.List;

/** The extents that a BLOCK_STATUS is answered with: equal neighbours together, none beyond what was asked about. */
final class StatusReply {
    private StatusReply() {}

    static List<Extent> within(Request request, List<Extent> extents) {
        List<Extent> said = new ArrayList<>();
        int most = (request.flags & Nbd.REQ_ONE) != 0 ? 1 : Requests.EXTENTS_MAX;
        long left = request.length;
        for (Extent extent : extents) {
            if (left == 0) {
                break;
            }
            long length = Math.min(left, extent.length());
            Extent before = said.isEmpty() ? null : said.getLast();
            if (before != null && before.hole() == extent.hole() && before.zero() == extent.zero()) {
                said.removeLast();
                said.add(new Extent(before.length() + length, extent.hole(), extent.zero()));
            } else if (said.size() == most) {
                break;
            } else {
                said.add(new Extent(length, extent.hole(), extent.zero()));
            }
            left -= length;
        }
        if (said.isEmpty()) {
            throw new IllegalStateException("the host says nothing of " + request.length + " bytes");
        }
        return said;
    }
}
