package dst.sim;

/** One connection: an end on each host and a pipe each way; whoever opened it is its client. Its own event is the connection being made. */
final class Connection extends Event {
    /** How long a connect is tried that nobody answers. */
    private static final long CONNECT_NANOS_MAX = 3_000_000_000L;

    private static final long OPENED_BY_OTHERS = 1L << 40;

    final long ordinal;
    final Path path;
    final LinkConditions befalls;
    final End client;
    final End server;
    final Pipe toServer;
    final Pipe toClient;
    private final Network network;
    private Stage stage = Stage.ASKING;
    private boolean serverHeard;
    private boolean clientHeard;

    private enum Stage {
        ASKING,
        REFUSED,
        UNANSWERED,
        ACCEPTED,
        MADE
    }

    Connection(Network network, long ordinal, Path path, Host client, long number, Host server) {
        this.network = network;
        this.ordinal = ordinal;
        this.path = path;
        this.befalls = network.strikes.befalls(path, client, server);
        this.client = new End(this, client, number);
        this.server = new End(this, server, numberAt(server, ordinal));
        this.toServer = new Pipe(network, this, this.client, this.server, Pipe.TO_SERVER);
        this.toClient = new Pipe(network, this, this.server, this.client, Pipe.TO_CLIENT);
    }

    /** One host's end of a link. Once closed nothing is told to that process any more. */
    static final class End {
        final Connection link;
        final Host host;
        final long number;

        /** Which process of the host this end belongs to. */
        long incarnation;

        State state = State.WAITING;
        boolean reading = true;

        /** Until when bytes that were on their way are still handed over although the machine has closed the link. */
        long lateUntil;

        enum State {
            /** Not yet open. */
            WAITING,
            OPEN,
            /** The machine closed it, or was told, or is gone; the host's kernel knows. */
            CLOSED,
            /** The host lost power: nobody there knows of it. */
            FORGOTTEN
        }

        End(Connection link, Host host, long number) {
            this.link = link;
            this.host = host;
            this.number = number;
            this.incarnation = host.incarnation();
        }

        Pipe out() {
            return this == link.client ? link.toServer : link.toClient;
        }

        Pipe in() {
            return this == link.client ? link.toClient : link.toServer;
        }

        boolean isOpen() {
            return state == State.OPEN;
        }

        boolean isOver() {
            return state == State.CLOSED || state == State.FORGOTTEN;
        }

        /** Whether arriving bytes are still handed to the process. */
        boolean takesBytes(long now) {
            return isOpen()
                    || (now < lateUntil && state == State.CLOSED && host.isUp() && host.incarnation() == incarnation);
        }
    }

    /** A machine that opens links numbers those itself: what others open has numbers far beyond. */
    private static long numberAt(Host server, long ordinal) {
        return server.plan.ways().isEmpty() ? ordinal : OPENED_BY_OTHERS + ordinal;
    }

    /** Whether the server's host knows this link: from here on there is something to cut. */
    boolean isAccepted() {
        return stage == Stage.ACCEPTED || stage == Stage.MADE;
    }

    /** Bytes have reached a process: as soon as both sides have heard the other, what differs between them has mattered. */
    void arrived(int direction) {
        boolean before = serverHeard && clientHeard;
        serverHeard |= direction == Pipe.TO_SERVER;
        clientHeard |= direction == Pipe.TO_CLIENT;
        if (before || !serverHeard || !clientHeard) {
            return;
        }
        Host one = client.host;
        Host other = server.host;
        int pages = one.pages().pageSize();
        int otherPages = other.pages().pageSize();
        if (pages != otherPages) {
            network.scene.stood(
                    Standing.PAGE_SIZES,
                    pages + " bytes at the " + one.name + ", " + otherPages + " at the " + other.name);
        }
        if (!one.program().equals(other.program()) && !one.program().equals(Plan.HostPlan.ATTACHED)) {
            network.scene.stood(
                    Standing.PROGRAMS,
                    one.program() + " at the " + one.name + ", " + other.program() + " at the " + other.name);
        }
    }

    boolean isOver() {
        return client.isOver() && (!isAccepted() || server.isOver()) && toServer.isIdle() && toClient.isIdle();
    }

    @Override
    void happen() {
        switch (stage) {
            case ASKING -> ask();
            case REFUSED -> notOpened("connection refused");
            case UNANSWERED -> notOpened("the connection timed out");
            case ACCEPTED -> made();
            case MADE -> throw new IllegalStateException("a link is made once");
        }
    }

    private void ask() {
        Scene scene = network.scene;
        long now = scene.now();
        if (client.isOver()) {
            network.forget(this);
        } else if (befalls.isHoled()) {
            stage = Stage.UNANSWERED;
            scene.clock.schedule(this, now + CONNECT_NANOS_MAX);
        } else if ((!server.host.isListening() || befalls.refuses())) {
            stage = Stage.REFUSED;
            scene.clock.schedule(this, now + network.delay(toClient, 1));
        } else {
            stage = Stage.ACCEPTED;
            long opensAt = now + network.delay(toClient, 1);
            toClient.arriveNotBefore(opensAt);
            scene.clock.schedule(this, opensAt);
            network.accepted(this);
        }
    }

    private void notOpened(String reason) {
        if (client.state == End.State.WAITING) {
            network.closed(client, reason);
        }
        network.forget(this);
    }

    private void made() {
        stage = Stage.MADE;
        if (client.state == End.State.WAITING) {
            network.opened(this);
        }
        network.forgetIfOver(this);
    }
}
