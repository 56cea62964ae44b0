package dst.realnode.serve;

import dst.realnode.guard.Refusals;
import dst.realnode.guard.Visits;
import dst.realnode.net.Address;
import dst.realnode.net.Network;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;

/** What a server tells a collector of metrics, in Prometheus' text format, over the little of HTTP that this needs. */
final class Metrics {
    private static final int REQUEST_MAX = 8192;

    private Metrics() {}

    static Channel listen(
            Network network, EventLoopGroup loops, Address address, Refusals refusals, Supplier<String> page) {
        Visits visits = new Visits(refusals);
        return network.listen(
                address,
                loops,
                channel -> {
                    channel.pipeline().addLast(new Scrape(page, visits));
                    visits.came(channel);
                },
                why -> refusals.tell("somebody at " + address, "R7", "no connection can be accepted: " + why),
                2 * Visits.MOST);
    }

    /** Everything that is known. */
    static String page(Serving serving) {
        StringBuilder page = new StringBuilder();
        head(page, "dst_operations_total", "counter", "disk operations that have ended");
        for (OpenExport export : serving.exports().all()) {
            line(page, "dst_operations_total", export, "", export.gauge.operations.sum());
        }
        head(page, "dst_operations_running", "gauge", "disk operations that have not ended");
        for (OpenExport export : serving.exports().all()) {
            line(page, "dst_operations_running", export, "", export.gauge.running.sum());
        }
        head(page, "dst_bytes_total", "counter", "bytes asked for");
        for (OpenExport export : serving.exports().all()) {
            line(page, "dst_bytes_total", export, ",kind=\"read\"", export.gauge.bytesRead.sum());
            line(page, "dst_bytes_total", export, ",kind=\"write\"", export.gauge.bytesWritten.sum());
        }
        head(page, "dst_flushes_total", "counter", "flushes asked for");
        for (OpenExport export : serving.exports().all()) {
            line(page, "dst_flushes_total", export, "", export.gauge.flushes.sum());
        }
        head(page, "dst_latency_seconds", "summary", "how long disk operations took");
        for (OpenExport export : serving.exports().all()) {
            latency(page, export);
        }
        head(page, "dst_links", "gauge", "links of the protocol");
        page.append("dst_links ").append(serving.server().linkCount()).append('\n');
        head(page, "dst_nbd_connections", "gauge", "NBD connections");
        page.append("dst_nbd_connections ")
                .append(serving.exports().connections())
                .append('\n');
        memory(page);
        return page.toString();
    }

    private static void latency(StringBuilder page, OpenExport export) {
        Histogram latencies = export.gauge.latencies();
        for (String quantile : new String[] {"0.5", "0.99", "0.999"}) {
            double nanos = latencies.getValueAtPercentile(Double.parseDouble(quantile) * 100);
            line(page, "dst_latency_seconds", export, ",quantile=\"" + quantile + "\"", seconds(nanos));
        }
        line(page, "dst_latency_seconds_count", export, "", latencies.getTotalCount());
        line(page, "dst_latency_seconds_sum", export, "", seconds(latencies.getMean() * latencies.getTotalCount()));
    }

    private static String seconds(double nanos) {
        return String.format(Locale.ROOT, "%.9f", nanos / 1e9);
    }

    private static void memory(StringBuilder page) {
        Runtime runtime = Runtime.getRuntime();
        head(page, "dst_memory_bytes", "gauge", "memory of the process that is in use");
        page.append("dst_memory_bytes{kind=\"heap\"} ")
                .append(runtime.totalMemory() - runtime.freeMemory())
                .append('\n');
        long buffers = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
        page.append("dst_memory_bytes{kind=\"buffers\"} ").append(buffers).append('\n');
    }

    private static void head(StringBuilder page, String name, String type, String help) {
        page.append("# HELP ").append(name).append(' ').append(help).append('\n');
        page.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    private static void line(StringBuilder page, String name, OpenExport export, String more, Object value) {
        String label = export.name().replace("\\", "\\\\").replace("\"", "\\\"");
        page.append(name)
                .append("{export=\"")
                .append(label)
                .append('"')
                .append(more)
                .append("} ")
                .append(value)
                .append('\n');
    }

    /** One request. */
    private static final class Scrape extends ChannelInboundHandlerAdapter {
        private final Supplier<String> page;
        private final Visits visits;
        private final StringBuilder request = new StringBuilder();

        Scrape(Supplier<String> page, Visits visits) {
            this.page = page;
            this.visits = visits;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            request.append(bytes.toString(StandardCharsets.ISO_8859_1));
            bytes.release();
            if (request.length() > REQUEST_MAX) {
                context.close();
            } else if (request.indexOf("\r\n\r\n") >= 0) {
                answer(context);
            }
        }

        private void answer(ChannelHandlerContext context) {
            visits.asked(context.channel());
            visits.answered(context.channel());
            boolean known = request.indexOf("GET /metrics ") == 0;
            byte[] body = (known ? page.get() : "see /metrics\n").getBytes(StandardCharsets.UTF_8);
            String head = "HTTP/1.1 " + (known ? "200 OK" : "404 Not Found")
                    + "\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\nContent-Length: " + body.length
                    + "\r\nConnection: close\r\n\r\n";
            context.write(Unpooled.copiedBuffer(head, StandardCharsets.US_ASCII));
            context.writeAndFlush(Unpooled.wrappedBuffer(body)).addListener(_ -> context.close());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
