package dst.sim;

import dst.protocol.fault.Fault;
import dst.protocol.fault.Fault.Direction;
import dst.protocol.fault.Fault.When;
import dst.protocol.fault.FaultKind;
import java.util.ArrayList;
import java.util.List;

/** Has each of the plan's faults strike when it is due: at its time, or when so much of something has happened. */
final class Faults {
    private final Scene scene;
    private final Strikes strikes;
    private final ArrayList<Fault> byMessage = new ArrayList<>();
    private final ArrayList<Fault> byDiskWrite = new ArrayList<>();
    private final ArrayList<Fault> byRecord = new ArrayList<>();
    private final long[] messages = new long[2];
    private long diskWrites;
    private long records;

    Faults(Scene scene, Strikes strikes) {
        this.scene = scene;
        this.strikes = strikes;
    }

    void begin() {
        for (Fault fault : scene.plan.faults()) {
            switch (fault.when()) {
                case When.At(long nanos)
                when nanos < scene.plan.healAt() -> scene.clock.schedule(new Due(fault), nanos);
                case When.At _ -> scene.missed(FaultKind.of(fault.strike()));
                case When.AtMessage _ -> byMessage.add(fault);
                case When.AtDiskWrite _ -> byDiskWrite.add(fault);
                case When.AtRecord _ -> byRecord.add(fault);
            }
        }
    }

    /** What still waited for its moment has missed it; what lasts is lifted. */
    void heal() {
        for (List<Fault> waiting : List.of(byMessage, byDiskWrite, byRecord)) {
            waiting.forEach(fault -> scene.missed(FaultKind.of(fault.strike())));
            waiting.clear();
        }
        strikes.heal();
    }

    /** A machine has sent something. */
    void messageSent(int direction) {
        messages[direction]++;
        for (int i = 0; i < byMessage.size(); i++) {
            When.AtMessage when = (When.AtMessage) byMessage.get(i).when();
            long nth = switch (when.direction()) {
                case TO_SERVER -> messages[Pipe.TO_SERVER];
                case TO_CLIENT -> messages[Pipe.TO_CLIENT];
                case BOTH -> messages[Pipe.TO_SERVER] + messages[Pipe.TO_CLIENT];
            };
            if (nth >= when.nth() && (when.direction() == Direction.BOTH || matches(when.direction(), direction))) {
                strikes.strike(byMessage.remove(i--));
            }
        }
    }

    /** A disk write was submitted. */
    void diskWriteSubmitted() {
        diskWrites++;
        for (int i = 0; i < byDiskWrite.size(); i++) {
            When.AtDiskWrite when = (When.AtDiskWrite) byDiskWrite.get(i).when();
            if (diskWrites >= when.nth()) {
                strikes.strike(byDiskWrite.remove(i--));
            }
        }
    }

    /** Something is to be made durable beside the disk, and is not yet. */
    void recordAsked() {
        records++;
        for (int i = 0; i < byRecord.size(); i++) {
            When.AtRecord when = (When.AtRecord) byRecord.get(i).when();
            if (records >= when.nth()) {
                strikes.strike(byRecord.remove(i--));
            }
        }
    }

    private static boolean matches(Direction wanted, int direction) {
        return (wanted == Direction.TO_SERVER) == (direction == Pipe.TO_SERVER);
    }

    private final class Due extends Event {
        private final Fault fault;

        Due(Fault fault) {
            this.fault = fault;
        }

        @Override
        void happen() {
            strikes.strike(fault);
        }
    }
}
