/** The command line of the workbench: which commands there are, and what is told of one that is wrong. */
@NullMarked
package dst.scenarios;

import org.jspecify.annotations.NullMarked;
