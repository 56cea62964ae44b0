@NullMarked
package dst.scenarios.lending;

import org.jspecify.annotations.NullMarked;
