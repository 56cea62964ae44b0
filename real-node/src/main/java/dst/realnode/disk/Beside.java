package dst.realnode.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to what is durable beside a disk: it is opened with the disk that it is of, or not at all. Whoever means to go on with
 * another one names the identity that ends: then this is a new device, and whoever knows the old one is told so (H5).
 */
final class Beside {
    private static final Logger LOG = LoggerFactory.getLogger(RealDisk.class);

    private final String disk;
    private final Path folder;
    private final Disks.Options options;

    Beside(String disk, Path folder, Disks.Options options) {
        this.disk = disk;
        this.folder = folder;
        this.options = options;
    }

    /** A disk that is not there, or empty, is made only if there was none. */
    void refuseLost(String what) throws IOException {
        Optional<State> state = StateDirectory.ofDisk(folder);
        if (state.isPresent() && !StateDirectory.adopts(options.adopted(), state.get())) {
            throw refusal(what, state.get());
        }
    }

    /** Marks what was found as this state's, if that can be. */
    StateDirectory open(Recognition.Found found, Predicate<Mark> marked) throws IOException {
        StateDirectory directory = StateDirectory.open(folder, options.adopted());
        try {
            State state = directory.state();
            Optional<String> objection = Recognition.objection(state, found);
            if (objection.isPresent()) {
                throw refusal(disk + " " + objection.get(), state);
            }
            Recognition.remark(state, found).ifPresent(remark -> LOG.warn("disk {}: {}", disk, remark));
            tellOfAdoption(state);
            long openings = state.disk().map(Likeness::openings).orElse(0L);
            boolean put = marked.test(new Mark(state.identity(), openings + 1));
            directory.see(found.likeness(put ? openings + 1 : openings));
            return directory;
        } catch (IOException | RuntimeException refused) {
            directory.close();
            throw refused;
        }
    }

    /** Whoever leaves the option in a file that is read at each start does not get another device each time. */
    private void tellOfAdoption(State state) {
        options.adopted().filter(_ -> state.knowsDisk()).ifPresent(ended -> {
            if (state.disk().isEmpty()) {
                LOG.warn(
                        "disk {}: it is the device {} from now on: clients that know {} are told that this is another one",
                        disk,
                        state.identity(),
                        ended);
            } else {
                LOG.warn(
                        "disk {}: adopt={} does nothing: the disk has the identity {}: leave it out",
                        disk,
                        ended,
                        state.identity());
            }
        });
    }

    private IOException refusal(String what, State state) {
        return new IOException(what + ". Its state in " + folder + " belongs to the disk " + state.identity()
                + state.disk().map(known -> " with " + known.size() + " bytes").orElse("")
                + ", and to serve anything else in its place would lose, without a word, what clients were told is durable."
                + " Was it moved, removed or replaced, or is its volume not mounted? Put it back with the attributes that it had"
                + " (mv, cp -a, rsync -X), or together with its state. If it is lost for good, or this is meant, start once with"
                + " the option adopt=" + state.identity()
                + ": it becomes another device, and clients that know the old one are told so");
    }
}
