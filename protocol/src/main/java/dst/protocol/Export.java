package dst.protocol;

/** What a server offers under a name: a device on a disk, from {@code start} on, and the terms it is offered at. */
public record Export(String name, int disk, long start, Device device, Terms terms) {}
