/** The rules of docs/PROTOCOL.md as a model that is small enough to be enumerated: the specification's own test. */
@NullMarked
package dst.protocol.model;

import org.jspecify.annotations.NullMarked;
