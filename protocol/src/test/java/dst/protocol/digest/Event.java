package dst.protocol.digest;

/** An input that can be made again and again, each time with buffers of its own. */
@FunctionalInterface
interface Event<I> {
    I make(Bytes bytes);
}
