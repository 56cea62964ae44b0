package dst.scenarios.planting;

import java.util.ArrayList;
import java.util.List;

/** Something small to plant bugs in. */
public final class Sample {
    final List<String> calls = new ArrayList<>();
    private final Inner inner = new Inner();
    private int limit = 10;

    static final class Inner {
        long depth = 7;

        boolean deep() {
            return depth > 5;
        }

        void note(List<String> calls) {
            calls.add("noted");
        }
    }

    public int limited(int number) {
        for (int i = 0; i < 3; i++) {
            step(number);
        }
        return number > limit ? limit : number;
    }

    public boolean step(int number) {
        calls.add("step " + number);
        return number > 100;
    }

    public long depth() {
        return inner.depth;
    }

    public boolean taken(int number) {
        return step(number) && inner.deep();
    }

    public String name(String first, long second) {
        return first + second;
    }

    public String name(String first) {
        return first;
    }

    public String calls() {
        return String.join(", ", calls);
    }
}
