package dst.realnode.serve;

/** An export that one NBD connection was given, and the number of that. */
record Lent(OpenExport export, long number) {}
