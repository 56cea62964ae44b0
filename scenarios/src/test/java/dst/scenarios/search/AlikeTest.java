package dst.scenarios.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dst.protocol.Finding;
import dst.protocol.Kind;
import dst.protocol.Range;
import dst.protocol.Rules;
import dst.protocol.Sentence;
import dst.protocol.Sentence.Transaction;
import dst.protocol.Side;
import dst.reports.Blame;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When two failures are the same one. */
final class AlikeTest {
    @Test
    void alikeMeansTheSameWhateverPlaceAndTime() {
        assertEquals(
                sent(" sent ", new Transaction(15, 0, Kind.WRITE, new Range(55808, 512)), "1/079d0ffb", 164_718),
                sent(" sent ", new Transaction(2, 7, Kind.ZERO, new Range(0, 1024)), "12/0000000a", 1_000_000));
        Transaction same = new Transaction(1, 0, Kind.WRITE, new Range(0, 512));
        assertNotEquals(sent(" sent ", same, "1/1", 0), sent(" kept ", same, "1/1", 0));
        assertEquals(
                Sentence.of("the server stopped: no ticket 57 of a write").shape(),
                Sentence.of("the server stopped: no ticket 8 of a trim").shape());
        assertNotEquals(
                Sentence.of("the server stopped: no ticket 57").shape(),
                Sentence.of("the server stopped: no disk 57").shape());
    }

    private static String sent(String verb, Transaction transaction, String boot, long at) {
        Sentence said = Sentence.of(
                "the client", verb, transaction, " in boot ", new Sentence.Name(boot), " at ", new Sentence.Time(at));
        Finding finding = new Finding(Rules.T5, Side.CLIENT, at, said);
        return new Blame(finding, finding.rule(), finding.side(), said, Optional.empty(), Optional.empty())
                .fingerprint();
    }
}
