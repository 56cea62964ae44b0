/** What happened in a run, judged and explained: functions of the trace. */
@NullMarked
package dst.reports;

import org.jspecify.annotations.NullMarked;
