package dst.scenarios;

/** Where the workbench begins, guarded as a node is. */
final class Start {
    private Start() {}

    public static void main(String[] arguments) {
        dst.realnode.Start.run(() -> Main.main(arguments));
    }
}
