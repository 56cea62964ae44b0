package dst.realnode;

/** The command line of a real node: {@code serve}, {@code attach}, {@code detach} and {@code ctl}. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.err.println("dst: this version has no real node yet, only the simulator: see ./dst --help");
        System.exit(2);
    }
}
