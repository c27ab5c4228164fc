using ChainCrm.Domain;
using ChainCrm.Domain.Identities;
using ChainCrm.Grains.Agenda;
using ChainCrm.Grains.Directories;

namespace ChainCrm.Grains.Processes;

/// <summary>
/// Looks after identities whose process did not come to its end: a reservation whose time is over, or an identity that a changed profile gave up
/// while its release was lost to a crash. The customer says who is right; the identity is confirmed or released accordingly.
/// </summary>
internal sealed class IdentityWatch(IEngine engine, IdentitySteps steps, IdentityLookup lookup, CustomerLocks locks) : IWakeUpHandler
{
    private static readonly CommandReply AlreadySo = new(ReplyKind.AlreadySo, null, null);

    public string Kind => GrainKinds.Identity;

    public async ValueTask<WakeUpOutcome> WakeAsync(GrainId grain, string commandId, Timestamp now, CancellationToken cancellation)
    {
        var first = await steps.HolderAsync(grain);
        if (first.Rejection is { } unreadable) return Refused(unreadable);
        if (first.Value is not { } asked || IdentityLookup.IdentityOf(grain) is not { } identity) return Settled;

        using var turn = await locks.EnterAsync(grain.Chain.ToString(), asked.Customer.Value, cancellation);
        // Only what is read within the customer's turn counts: an enrolment under way had it before.
        var second = await steps.HolderAsync(grain);
        if (second.Rejection is { } unreadableNow) return Refused(unreadableNow);
        if (second.Value is not { } holder || holder.Customer != asked.Customer) return Settled;
        // A profile change that gave it up says when to look after it, by a clock that may have been set back since the reservation.
        if (!holder.IsConfirmed && holder.ReservedUntil is { } end && end > now) return new WakeUpOutcome(AlreadySo, end);
        var customer = await steps.CustomerAsync(grain.Chain.ToString(), holder.Customer);
        if (customer.Rejection is { } customerUnreadable) return Refused(customerUnreadable);

        if (customer.Value!.Identities.Contains(identity))
            return new WakeUpOutcome(await engine.AskAsync(new GrainCommand(grain, commandId, 0, new ConfirmIdentity { At = now, Origin = default, Customer = holder.Customer })));
        var reply = await engine.AskAsync(new GrainCommand(grain, commandId, 0, new ReleaseIdentity { At = now, Origin = default, Customer = holder.Customer }));
        lookup.Forget(grain);
        return new WakeUpOutcome(reply);
    }

    private static WakeUpOutcome Settled => new(AlreadySo);

    private static WakeUpOutcome Refused(Rejection rejection) => new(new CommandReply(ReplyKind.Refused, null, rejection));
}
