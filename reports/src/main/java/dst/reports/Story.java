package dst.reports;

import java.util.List;

/** A judgement as text for a terminal: verdict, guilty side, the sentence, what led to it, what struck, how to see it again. */
public final class Story {
    private Story() {}

    /**
     * @param again the command that runs it again
     * @param colour whether the terminal shows colour
     */
    public static String tell(Judgement judgement, List<Moment> moments, String again, boolean colour) {
        return judgement.verdict().words() + "\n" + moments.size() + again + colour;
    }
}
