package dst.protocol;

/**
 * What a server offers under a name: a device on a disk, from {@code start} on, and the terms it is offered at. Shared: it is
 * read-only for all, and any number of attachments use it at once (H5).
 */
public record Export(String name, int disk, long start, Device device, Terms terms, boolean shared) {
    public Export {
        if (shared && device.permission().writes()) {
            throw new IllegalArgumentException(
                    "export " + name + " cannot be shared and permit " + device.permission());
        }
    }
}
