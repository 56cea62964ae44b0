/** The scenarios and planted bugs that come with dst, and those in files of the user's own; what of them Java has to know. */
@NullMarked
package dst.scenarios.library;

import org.jspecify.annotations.NullMarked;
