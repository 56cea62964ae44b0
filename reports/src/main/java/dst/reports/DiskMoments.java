package dst.reports;

import dst.protocol.DiskRequest;
import dst.protocol.DiskResult;
import dst.protocol.Kind;
import dst.protocol.Problem;
import dst.protocol.Range;
import java.util.Optional;

/** What is told of a disk's requests and their ends. */
final class DiskMoments {
    private DiskMoments() {}

    static Event.DiskStep step(DiskRequest request) {
        return new Event.DiskStep(request.ticket(), kind(request), durable(request), request.transaction());
    }

    private static Optional<Kind> kind(DiskRequest request) {
        return switch (request) {
            case DiskRequest.Read _ -> Optional.of(Kind.READ);
            case DiskRequest.Write _ -> Optional.of(Kind.WRITE);
            case DiskRequest.Zero _ -> Optional.of(Kind.ZERO);
            case DiskRequest.Trim _ -> Optional.of(Kind.TRIM);
            case DiskRequest.Flush _ -> Optional.of(Kind.FLUSH);
            case DiskRequest.Forget _ -> Optional.empty();
        };
    }

    private static boolean durable(DiskRequest request) {
        return switch (request) {
            case DiskRequest.Write it -> it.durable();
            case DiskRequest.Zero it -> it.durable();
            case DiskRequest.Read _, DiskRequest.Trim _, DiskRequest.Flush _, DiskRequest.Forget _ -> false;
        };
    }

    static Range range(DiskRequest request) {
        return switch (request) {
            case DiskRequest.Read it -> new Range(it.offset(), it.length());
            case DiskRequest.Write it -> new Range(it.offset(), it.data().readableBytes());
            case DiskRequest.Zero it -> new Range(it.offset(), it.length());
            case DiskRequest.Trim it -> new Range(it.offset(), it.length());
            case DiskRequest.Flush _, DiskRequest.Forget _ -> Moment.NOWHERE;
        };
    }

    static Event.DiskEnded ended(Event.DiskStep step, DiskResult result) {
        return switch (result) {
            case DiskResult.Transferred it -> new Event.DiskEnded(step, Problem.NONE, it.bytes(), Content.HIDDEN);
            case DiskResult.Data it ->
                new Event.DiskEnded(step, Problem.NONE, it.data().readableBytes(), Content.of(it.data()));
            case DiskResult.Failed it -> new Event.DiskEnded(step, it.problem(), 0, Content.HIDDEN);
        };
    }
}
