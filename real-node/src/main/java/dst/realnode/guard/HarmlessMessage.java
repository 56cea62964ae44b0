package dst.realnode.guard;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;

/** A message of the log on its one line, whoever's words are in it: {@code logback.xml} names it for every message. */
public final class HarmlessMessage extends ClassicConverter {
    private static final int LETTERS_MAX = 2000;

    @Override
    public String convert(ILoggingEvent event) {
        return ForeignText.harmless(event.getFormattedMessage(), LETTERS_MAX);
    }
}
