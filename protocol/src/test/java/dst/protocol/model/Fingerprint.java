package dst.protocol.model;

/**
 * A state as 64 bits. Two of n different states have the same with a probability below n * n / 2^65: one in a hundred thousand
 * for twenty million. Then one of them would not be looked at.
 */
final class Fingerprint {
    private long value = 0x5851F42D4C957F2DL;

    Fingerprint add(long word) {
        long mixed = value ^ word;
        mixed = (mixed ^ mixed >>> 33) * 0xFF51AFD7ED558CCDL;
        mixed = (mixed ^ mixed >>> 33) * 0xC4CEB9FE1A85EC53L;
        value = (mixed ^ mixed >>> 33) + 0x9E3779B97F4A7C15L;
        return this;
    }

    Fingerprint addAll(int[] words) {
        long packed = words.length;
        for (int place = 0; place < words.length; place++) {
            packed = packed << 12 ^ (words[place] & 0xFFF);
            if (place % 4 == 3) {
                add(packed);
                packed = 0;
            }
        }
        return add(packed);
    }

    long value() {
        return value;
    }
}
