/** R6 on a real node: who may do what with which export, written by people, for a server and for an attached device alike. */
@NullMarked
package dst.realnode.access;

import org.jspecify.annotations.NullMarked;
