package dst.realnode.disk;

/** So does one that knows no WRITE_ZEROES, and has one connection and small transfers. */
class PoorNbdDiskContractTest extends NbdDiskContractTest {
    @Override
    ForeignServer serve() {
        return ForeignServer.nbdkit(
                folder,
                "--filter=nozero",
                "--filter=multi-conn",
                "--filter=blocksize-policy",
                "memory",
                "1M",
                "zeromode=none",
                "multi-conn-mode=disable",
                "blocksize-minimum=512",
                "blocksize-preferred=512",
                "blocksize-maximum=1024",
                "blocksize-error-policy=error");
    }
}
