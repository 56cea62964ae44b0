/** What can be set, and how people write it: names, measures, limits, what is usual. Readers, writers and shrinkers know no more of it. */
@NullMarked
package dst.protocol.setting;

import org.jspecify.annotations.NullMarked;
