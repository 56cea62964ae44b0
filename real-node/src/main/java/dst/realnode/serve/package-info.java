/** {@code dst serve}: exports on disks, offered over the protocol and over NBD, to those who may have them. */
@NullMarked
package dst.realnode.serve;

import org.jspecify.annotations.NullMarked;
