/** Disks of the real world: memory, files and block devices, and what has to be durable beside them. */
@NullMarked
package dst.realnode.disk;

import org.jspecify.annotations.NullMarked;
