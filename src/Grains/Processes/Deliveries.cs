using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Grains.ReadSide;

namespace ChainCrm.Grains.Processes;

/// <summary>
/// Carries deliveries through, one customer's one after the other. Every step may be taken again: the receiver's command id is the same for ever, and the
/// sender settles what is open only.
/// </summary>
/// <remarks>
/// A receiver's refusal stands in no entry. It is final all the same: who carries holds the sender's turn from the question to the settlement, and the
/// one thing a receiver refuses for is that there is no such customer.
/// </remarks>
internal sealed class Deliveries(IEngine engine, IProgrammes programmes, TimeProvider clock, CustomerLocks locks) : IDeliveries
{
    private BusinessCalendar? _calendar;

    public async ValueTask CarryThroughAsync(CommittedEntry entry, CancellationToken cancellation = default)
    {
        for (var i = 0; i < entry.Events.Count; i++)
        {
            if (entry.Events[i] is DeliverySent sent) await CarryThroughAsync(entry.Grain, sent.Delivery, cancellation);
        }
    }

    public ValueTask<ReadReply<bool>> IsThereAsync(string chain, CustomerId customer) =>
        engine.ReadAsync<CustomerState, int, bool>(new GrainId(chain, GrainKinds.Customer, customer.Value), 0, static (state, _) => state.IsEnrolled);

    /// <summary>What a customer has open, oldest first.</summary>
    public ValueTask<ReadReply<DeliverySent[]?>> OpenAsync(GrainId sender) =>
        engine.ReadAsync<CustomerState, int, DeliverySent[]?>(sender, 0, static (state, _) => state.Deliveries.ToArray());

    /// <summary>Carries one delivery through.</summary>
    /// <returns>Null when it is settled, now or before; else what keeps it open, which may pass.</returns>
    public async ValueTask<Rejection?> CarryThroughAsync(GrainId sender, int number, CancellationToken cancellation)
    {
        using var turn = await locks.EnterAsync(sender.Chain.ToString(), sender.Key, cancellation);
        // Only what is read within the sender's turn counts: the agenda may have carried it through meanwhile.
        var read = await engine.ReadAsync<CustomerState, int, DeliverySent?>(sender, number, static (state, which) => state.OpenDelivery(which));
        if (read.Rejection is { } unreadable) return unreadable;
        if (read.Value is not { } sent) return null;
        var taken = await TakeAsync(sender, sent);
        // The engine could not say yes or no: whether it was taken is open, so it is asked again.
        if (taken.Rejection is { Code: >= 900 and <= 999 } unsure) return unsure;
        return (await SettleAsync(sender, sent, taken.Rejection?.Code ?? 0)).Rejection;
    }

    private ValueTask<CommandReply> TakeAsync(GrainId sender, DeliverySent sent)
    {
        var (chain, now) = (sender.Chain.ToString(), Now(sent));
        return engine.AskAsync(new GrainCommand(
            new GrainId(chain, GrainKinds.Customer, sent.To.Value), FormattableString.Invariant($"delivery/from/{sender.Key}/{sent.Delivery}"), 0,
            new TakeDelivery
            {
                At = now, Origin = sent.Origin, From = new CustomerId(sender.Key), Delivery = sent.Delivery, Kind = sent.Kind, Points = sent.Points, Reason = sent.Reason,
                Lots = sent.Lots, UtcOffsetMinutes = OffsetAt(chain, now),
            }));
    }

    private ValueTask<CommandReply> SettleAsync(GrainId sender, DeliverySent sent, int refusal) => engine.AskAsync(new GrainCommand(
        sender, FormattableString.Invariant($"delivery/done/{sent.Delivery}"), 0,
        new SettleDelivery { At = Now(sent), Origin = default, Delivery = sent.Delivery, Refusal = refusal }));

    /// <summary>Now, but never before it was sent: the clock may have been set back.</summary>
    private Timestamp Now(DeliverySent sent) => new(Math.Max(sent.At.UnixMs, clock.GetUtcNow().ToUnixTimeMilliseconds()));

    private int OffsetAt(string chain, Timestamp at)
    {
        var zone = programmes.Current(chain).TimeZone;
        // The last one is kept: a server has one chain, as a rule.
        var calendar = Volatile.Read(ref _calendar);
        if (calendar is null || calendar.TimeZone != zone) Volatile.Write(ref _calendar, calendar = new BusinessCalendar(zone));
        return calendar.OffsetMinutes(at);
    }
}
