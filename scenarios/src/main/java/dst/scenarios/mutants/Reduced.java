package dst.scenarios.mutants;

/** A failure made small: how many operations and faults are left, and how long that took. */
record Reduced(int operations, int faults, double seconds) {
    int steps() {
        return operations + faults;
    }
}
