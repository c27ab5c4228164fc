using ChainCrm.Domain;
using ChainCrm.Grains.Agenda;
using ChainCrm.Grains.Runtime;

namespace ChainCrm.Grains.Processes;

/// <summary>
/// Wakes customers: first whatever of the customer's own is due, then deliveries that a crash or a receiver who could not answer has left open. While one
/// stays open the customer is woken again and again, and what comes due meanwhile is done with it.
/// </summary>
internal sealed class CustomerWatch(IEngine engine, Deliveries deliveries) : IWakeUpHandler
{
    public string Kind => GrainKinds.Customer;

    public async ValueTask<WakeUpOutcome> WakeAsync(GrainId grain, string commandId, Timestamp now, CancellationToken cancellation)
    {
        var reply = await engine.AskAsync(new GrainCommand(grain, commandId, 0, new WakeGrain(now)));
        if (!reply.IsOk) return new WakeUpOutcome(reply);
        var open = await deliveries.OpenAsync(grain);
        if (open.Rejection is { } unreadable) return new WakeUpOutcome(Refused(unreadable));
        var isAny = false;
        foreach (var sent in open.Value!)
        {
            // Whoever sent the others is still at it, and the entry that tells of the end of this one asks for the next look.
            if (sent.At.UnixMs + Limits.DeliveryDueMs > now.UnixMs) continue;
            isAny = true;
            if (await deliveries.CarryThroughAsync(grain, sent.Delivery, cancellation) is not { } stuck) continue;
            // This firing did what was due once. It comes again under the same id, so that anything else that is due is asked for under one of its own.
            if (reply.Kind == ReplyKind.Repeated) await engine.AskAsync(new GrainCommand(grain, FormattableString.Invariant($"{commandId}/{now.UnixMs}"), 0, new WakeGrain(now)));
            return new WakeUpOutcome(Refused(stuck));
        }

        return new WakeUpOutcome(reply) { IsNothingDue = reply.Kind == ReplyKind.AlreadySo && !isAny };
    }

    private static CommandReply Refused(Rejection rejection) => new(ReplyKind.Refused, null, rejection);
}
