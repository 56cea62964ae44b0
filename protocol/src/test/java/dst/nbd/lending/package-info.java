@org.jspecify.annotations.NullMarked
package dst.nbd.lending;
