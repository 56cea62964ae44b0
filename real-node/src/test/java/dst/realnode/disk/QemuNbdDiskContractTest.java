package dst.realnode.disk;

/** So does one of qemu-nbd. */
class QemuNbdDiskContractTest extends NbdDiskContractTest {
    @Override
    ForeignServer serve() {
        return ForeignServer.qemu(folder, SparseFile.of(folder.resolve("data"), 1 << 20));
    }

    @Override
    String export() {
        return "a disk";
    }
}
