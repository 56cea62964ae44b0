/** What every network and every timer has to do for a machine, simulated or real. */
package dst.protocol.net;
