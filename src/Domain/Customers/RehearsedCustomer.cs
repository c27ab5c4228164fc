using ChainCrm.Domain.Programmes;

namespace ChainCrm.Domain.Customers;

/// <summary>Under which rules a history is lived again.</summary>
/// <param name="Draft">The rules; null: each entry under the version that decided it, which must give what was booked.</param>
/// <param name="From">Entries before this time stay as they are.</param>
/// <param name="OffsetOf">Minutes that the local time of a programme was ahead of UTC at an instant.</param>
/// <param name="PlaceOf">Region and city of a store.</param>
public sealed record RehearsalTerms(Programme? Draft, Timestamp From, Func<Programme, Timestamp, int> OffsetOf, Func<StoreId, (string? Region, string? City)> PlaceOf);

/// <summary>Counts what a rehearsal brings to light.</summary>
public interface IRehearsalTally
{
    /// <summary>A sale of the window: as it was booked, and as it is lived again; null when the draft refuses it.</summary>
    void Sold(PurchaseRecorded booked, PurchaseRecorded? lived);

    /// <summary>A return of the window.</summary>
    void CameBack(LinesReturned booked, LinesReturned? lived);

    /// <summary>A command that was accepted and is now refused, or a sale that can no longer be paid in points.</summary>
    void Refused(Rejection why);

    /// <summary>The end of a customer.</summary>
    void Ended(CustomerState booked, CustomerState lived);
}

/// <summary>
/// One customer's history lived again, from a time on under other rules: the real decider on the real commands, in their order. So caps fill, tiers rise and
/// points that are not there can't be spent, as it would have been.
/// </summary>
public sealed class RehearsedCustomer(RehearsalTerms terms, IRehearsalTally tally)
{
    private readonly Dictionary<string, (PurchaseRecorded Purchase, CouponsIssued? Brought, Programme By)> _sales = new(StringComparer.Ordinal);
    private readonly Dictionary<long, LinesReturned> _returns = [];
    private readonly Dictionary<(CustomerId From, int Delivery), DeliveryReceived> _rewards = [];
    private CustomerState _booked = new();
    private CustomerState? _lived;
    private Programme _decided = Programme.BuiltIn;

    /// <summary>The next entry of the customer's stream.</summary>
    /// <param name="events">Its events.</param>
    /// <param name="decided">The programme version that decided it.</param>
    public void Add(IReadOnlyList<CustomerEvent> events, Programme decided)
    {
        if (_lived is null && events[0].At < terms.From)
        {
            _booked = Fold(_booked, events);
            Remember(events, _booked.Version, decided);
            return;
        }

        // Baskets are left out: what they kept others from is not in the history.
        _lived ??= CustomerState.Import(_booked.Export() with { Baskets = [] });
        _booked = Fold(_booked, events);
        // Under a draft other things end at other times. What was booked has its own looks in its history.
        if (terms.Draft is { } draft) _lived = WokenWhenDue(_lived, events[0].At, draft);
        _decided = decided;
        var again = Live(events, terms.Draft ?? decided);
        foreach (var happened in events)
        {
            if (happened is PurchaseRecorded sold) tally.Sold(sold, again.OfType<PurchaseRecorded>().FirstOrDefault());
            else if (happened is LinesReturned back) tally.CameBack(back, again.OfType<LinesReturned>().FirstOrDefault());
        }
    }

    /// <summary>No entry is left: what is over by then expires in both histories. A customer without any entry in the window is not counted.</summary>
    /// <param name="until">The end of the window.</param>
    public void End(Timestamp until)
    {
        if (_lived is not { } lived) return;
        tally.Ended(WokenWhenDue(_booked, until, _decided), WokenWhenDue(lived, until, terms.Draft ?? _decided));
    }

    /// <summary>The agenda comes whenever something is due, up to a time.</summary>
    private static CustomerState WokenWhenDue(CustomerState state, Timestamp until, Programme programme)
    {
        while (state.NextDue is { } due && due <= until)
        {
            var decision = CustomerDecider.Decide(state, new WakeCustomer { At = due, Origin = default }, programme);
            if (decision.Rejection is not null || decision.Events.Count == 0) break;
            state = Fold(state, decision.Events);
        }

        return state;
    }

    private IReadOnlyList<CustomerEvent> Live(IReadOnlyList<CustomerEvent> events, Programme programme)
    {
        if (CommandAgain.Of(events, at => terms.OffsetOf(programme, at), terms.PlaceOf) is not { } command) return [];
        var decision = Decide(command, programme);
        if (decision.Rejection is { } refused)
        {
            tally.Refused(refused);
            // The customer still bought; only not with points, or not from the card. What can still pay does.
            while (decision.Rejection is { } why && PaidInMoney(command, why) is { } otherwise) decision = Decide(command = otherwise, programme);
        }

        if (decision.Rejection is not null || decision.Events.Count == 0) return [];
        _lived = Fold(_lived!, decision.Events);
        Remember(decision.Events, _lived.Version, programme);
        return decision.Events;
    }

    /// <summary>The sale without the one means of payment that is refused; null when nothing of the kind is.</summary>
    private static RecordPurchase? PaidInMoney(CustomerCommand command, Rejection refused) => (command, refused.Field) switch
    {
        (RecordPurchase { UsePoints.Count: > 0 } sale, "usePoints") => sale with { UsePoints = Points.Zero },
        (RecordPurchase { UseStoredValue.Minor: > 0 } sale, "useStoredValueMinor") => sale with { UseStoredValue = Money.Zero },
        _ => null,
    };

    private Decision<CustomerEvent> Decide(CustomerCommand command, Programme programme)
    {
        if (command is ReturnLines back)
        {
            var (id, version) = CustomerDecider.FactsFor(_lived!, back);
            var sale = _sales.GetValueOrDefault(id);
            var last = version is { } v ? _returns[v] : null;
            ReturnLine[] lines = [.. back.Lines.Where(line => line.Quantity.Milli > 0 || last?.Lines.Any(before => before.Line == line.Line) != true)];
            // No lines would be everything.
            if (lines.Length == 0) return CustomerRejections.AlreadyReturned;
            command = back with { Lines = lines, Purchase = sale.Purchase, PurchaseCoupons = sale.Brought, PurchaseProgramme = sale.By, LastReturn = last };
        }

        // A reward is taken back from where it lies in this life.
        if (command is TakeDelivery { Kind: DeliveryKinds.ReferralBack } take && _rewards.TryGetValue((take.From, take.Of), out var reward)) command = take with { Received = reward };
        return CustomerDecider.Decide(_lived!, command, programme);
    }

    private void Remember(IReadOnlyList<CustomerEvent> events, long version, Programme by)
    {
        foreach (var happened in events)
        {
            if (happened is PurchaseRecorded sold) _sales[CustomerDecider.PurchaseCommandId(sold.Store, sold.Receipt)] = (sold, events.OfType<CouponsIssued>().FirstOrDefault(), by);
            else if (happened is LinesReturned back) _returns[version] = back;
            else if (happened is DeliveryReceived { Kind: DeliveryKinds.Referral } received) _rewards[(received.From, received.Delivery)] = received;
        }
    }

    private static CustomerState Fold(CustomerState state, IReadOnlyList<CustomerEvent> events)
    {
        foreach (var happened in events) state = CustomerDecider.Evolve(state, happened);
        state.EntryFolded();
        return state;
    }
}
