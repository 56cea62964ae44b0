/** What a run's history proves: checkers over what was submitted, what was answered and what the media hold in the end. */
@NullMarked
package dst.reports.check;

import org.jspecify.annotations.NullMarked;
