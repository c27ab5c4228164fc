using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Identities;
using ChainCrm.Grains.Directories;

namespace ChainCrm.Grains.Processes;

/// <summary>The steps on identity and customer grains that the processes are made of. Every step may be taken again: its command id is the same, or the grain's state already is as it asks.</summary>
internal sealed class IdentitySteps(IEngine engine, IdentityLookup lookup, TimeProvider clock)
{
    /// <summary>Reserves an identity; null when it now is, or already was, this customer's.</summary>
    public async ValueTask<Rejection?> ReserveAsync(EnrolmentOrder order, IdentityRef identity, string process, CancellationToken cancellation)
    {
        var grain = IdentityLookup.GrainOf(order.Chain, identity);
        Rejection? refusal = null;
        for (var attempt = 0; attempt < GrainLimits.ReserveAttemptsMax; attempt++)
        {
            var now = Now(order);
            var reply = await engine.AskAsync(new GrainCommand(grain, StepId(process, order, $"reserve-{attempt}"), 0, new ReserveIdentity
            {
                At = now, Origin = order.Origin, Customer = order.Customer, Until = new Timestamp(now.UnixMs + GrainLimits.IdentityReservationMs),
            }));
            switch (reply.Kind)
            {
                case ReplyKind.Accepted or ReplyKind.AlreadySo:
                    return null;
                case ReplyKind.Repeated:
                    // Reserved by an earlier run of this order. It may have been given up since: then it is reserved under the next id.
                    var held = await HolderAsync(grain);
                    if (held.Rejection is { } unreadable) return unreadable;
                    if (held.Value is { } holder && holder.Customer == order.Customer) return null;
                    refusal = IdentityRejections.Reserved;
                    break;
                default:
                    refusal = reply.Rejection!;
                    // Another enrolment is under way and ends in a moment, one way or the other: it is worth waiting for the final word.
                    if (refusal.Code != IdentityRejections.Reserved.Code) return refusal;
                    await Task.Delay(TimeSpan.FromMilliseconds(GrainLimits.ReserveWaitMs << attempt), clock, cancellation);
                    break;
            }
        }

        return refusal;
    }

    /// <summary>Confirms an identity; null when it is the customer's.</summary>
    public async ValueTask<Rejection?> ConfirmAsync(EnrolmentOrder order, IdentityRef identity, string process)
    {
        var grain = IdentityLookup.GrainOf(order.Chain, identity);
        var reply = await ConfirmAsync(order, grain, StepId(process, order, "confirm"));
        if (reply.Kind != ReplyKind.Repeated) return reply.Rejection;
        // Confirmed by an earlier run, or for another customer whose change had the same idempotency key: a repeat says only that it once was.
        var held = await HolderAsync(grain);
        if (held.Rejection is { } unreadable) return unreadable;
        if (held.Value is { IsConfirmed: true } holder && holder.Customer == order.Customer) return null;
        return (await ConfirmAsync(order, grain, StepId(process, order, FormattableString.Invariant($"confirm-{Now(order).UnixMs}")))).Rejection;
    }

    private ValueTask<CommandReply> ConfirmAsync(EnrolmentOrder order, GrainId grain, string commandId) =>
        engine.AskAsync(new GrainCommand(grain, commandId, 0, new ConfirmIdentity { At = Now(order), Origin = order.Origin, Customer = order.Customer }));

    /// <summary>Releases an identity; null when it is no longer the customer's.</summary>
    public async ValueTask<Rejection?> ReleaseAsync(EnrolmentOrder order, IdentityRef identity, string process)
    {
        var grain = IdentityLookup.GrainOf(order.Chain, identity);
        // The time makes each release one of its own: an order that failed, was given up and is sent again may have to give up again.
        var now = Now(order);
        var reply = await engine.AskAsync(new GrainCommand(grain, StepId(process, order, FormattableString.Invariant($"release-{now.UnixMs}")), 0,
            new ReleaseIdentity { At = now, Origin = order.Origin, Customer = order.Customer }));
        lookup.Forget(grain);
        return reply.Rejection;
    }

    /// <summary>Who holds an identity, confirmed or not.</summary>
    public ValueTask<ReadReply<IdentityHolder?>> HolderAsync(GrainId identity) => engine.ReadAsync<IdentityState, int, IdentityHolder?>(
        identity, 0, static (state, _) => state.Customer is { } customer ? new IdentityHolder(customer, state.IsConfirmed, state.ReservedUntil) : null);

    /// <summary>What the processes need to know of a customer.</summary>
    public ValueTask<ReadReply<CustomerFacts?>> CustomerAsync(string chain, CustomerId customer) => engine.ReadAsync<CustomerState, int, CustomerFacts?>(
        new GrainId(chain, GrainKinds.Customer, customer.Value), 0,
        static (state, _) => new CustomerFacts(state.IsEnrolled, [.. state.Identities], state.Profile, state.HomeStore));

    /// <summary>The time of a step: now, but never before the order was received.</summary>
    private Timestamp Now(EnrolmentOrder order) => new(Math.Max(order.At.UnixMs, clock.GetUtcNow().ToUnixTimeMilliseconds()));

    private static string StepId(string process, EnrolmentOrder order, string step) => $"{process}/{order.CommandId}/{step}";
}

/// <summary>Who holds an identity.</summary>
internal sealed record IdentityHolder(CustomerId Customer, bool IsConfirmed, Timestamp? ReservedUntil);

/// <summary>What the processes need to know of a customer.</summary>
internal sealed record CustomerFacts(bool IsEnrolled, IReadOnlyList<IdentityRef> Identities, Sealed? Profile, StoreId HomeStore);
