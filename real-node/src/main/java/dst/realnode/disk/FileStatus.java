package dst.realnode.disk;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/**
 * What the kernel tells of a file beside its content.
 *
 * @param born when it was made, as {@code seconds.nanoseconds}: what is put in its place was made at another time. Empty where the file
 *     system does not keep it
 * @param modified when it was last written to, in the same words
 * @param allocated so many bytes of it are no hole
 * @param device the numbers of the block device that it is, as {@code major:minor}
 * @param file which one it is, whatever it is called: file system and inode
 */
record FileStatus(String born, String modified, long allocated, String device, String file) {
    private static final int HAS_BIRTH = 0x800;
    private static final int BLOCK = 512;

    /** From the kernel's {@code struct statx}. */
    static FileStatus of(MemorySegment told) {
        boolean hasBirth = (told.get(JAVA_INT, 0) & HAS_BIRTH) != 0;
        return new FileStatus(
                hasBirth ? time(told, 80) : "",
                time(told, 112),
                told.get(JAVA_LONG, 48) * BLOCK,
                told.get(JAVA_INT, 128) + ":" + told.get(JAVA_INT, 132),
                told.get(JAVA_INT, 136) + ":" + told.get(JAVA_INT, 140) + "/" + told.get(JAVA_LONG, 32));
    }

    private static String time(MemorySegment told, long at) {
        return told.get(JAVA_LONG, at) + "." + told.get(JAVA_INT, at + 8);
    }
}
