/** What an NBD server must not do, seen at its own boundary; it imports nothing of the server. */
@NullMarked
package dst.nbd.rules;

import org.jspecify.annotations.NullMarked;
