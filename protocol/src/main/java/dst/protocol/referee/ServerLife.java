package dst.protocol.referee;

import dst.protocol.Access;
import dst.protocol.Boot;
import dst.protocol.Export;
import dst.protocol.Holder;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/** One server process: its disks and exports, as its boundary shows them. There are few of either. */
final class ServerLife {
    final ArrayList<DiskView> disks = new ArrayList<>();
    final ArrayList<ExportView> exports = new ArrayList<>();

    void began() {
        disks.clear();
        exports.clear();
    }

    /** The disk, opened or not. */
    DiskView disk(int number) {
        for (int i = 0; i < disks.size(); i++) {
            if (disks.get(i).number == number) {
                return disks.get(i);
            }
        }
        DiskView disk = new DiskView(number, Boot.NONE);
        disks.add(disk);
        return disk;
    }

    @Nullable ExportView export(String name) {
        for (int i = 0; i < exports.size(); i++) {
            if (exports.get(i).export.name().equals(name)) {
                return exports.get(i);
            }
        }
        return null;
    }

    ExportView open(Export export, Holder holder, Access access) {
        ExportView before = export(export.name());
        if (before != null) {
            exports.remove(before);
        }
        ExportView view = new ExportView(export, disk(export.disk()), holder, access);
        exports.add(view);
        return view;
    }

    /** The export that lies there on the disk; null if none does, or more than one. */
    @Nullable ExportView at(DiskView disk, long offset, long end) {
        ExportView found = null;
        for (int i = 0; i < exports.size(); i++) {
            ExportView export = exports.get(i);
            if (export.disk == disk && export.covers(offset, end)) {
                if (found != null) {
                    return null;
                }
                found = export;
            }
        }
        return found;
    }

    /** The disk's only export; null if it has none, or more than one. */
    @Nullable ExportView only(DiskView disk) {
        ExportView found = null;
        for (ExportView export : exports) {
            if (export.disk == disk) {
                if (found != null) {
                    return null;
                }
                found = export;
            }
        }
        return found;
    }

    int blockSize(DiskView disk) {
        for (int i = 0; i < exports.size(); i++) {
            if (exports.get(i).disk == disk) {
                return exports.get(i).export.device().blockSize();
            }
        }
        return 0;
    }
}
