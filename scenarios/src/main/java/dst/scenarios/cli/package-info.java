/** What all commands share: how wrong input is told, exit codes, where output goes, how a command is interrupted, and what the code is called. */
@NullMarked
package dst.scenarios.cli;

import org.jspecify.annotations.NullMarked;
