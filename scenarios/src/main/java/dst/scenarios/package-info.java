/** What to try and whether it was right: the library of scenarios and the workbench's command line. */
@NullMarked
package dst.scenarios;

import org.jspecify.annotations.NullMarked;
