using ChainCrm.Domain.Programmes;
using ChainCrm.Domain.Programmes.EarningRules;

namespace ChainCrm.Domain.Customers;

/// <summary>
/// What goes from one customer to another (docs/domain/transfers.md). The sender's entry is the moment of truth: from then on the delivery is carried
/// through. The receiver takes it once, and the sender is told what came of it.
/// </summary>
internal static class DeliveryRules
{
    /// <summary>The event that sends; whoever decides has checked that it may be sent, and adds it to its entry.</summary>
    /// <param name="state">Before the decision.</param>
    /// <param name="command">The command decided.</param>
    /// <param name="to">The receiver.</param>
    /// <param name="kind">One of <see cref="DeliveryKinds"/>.</param>
    /// <param name="points">How many points.</param>
    /// <param name="reason">Why.</param>
    /// <param name="balance">The sender's balance after the entry.</param>
    public static DeliverySent Send(CustomerState state, CustomerCommand command, CustomerId to, string kind, Points points, string reason, Points balance) => new()
    {
        At = command.At, Origin = command.Origin, Delivery = state.LastDelivery + 1, To = to, Kind = kind, Points = points, Reason = reason, Balance = balance,
    };

    /// <summary>Why nothing more can be sent now; null when it can.</summary>
    public static Rejection? RefuseSending(CustomerState state) => state.Deliveries.Length >= Limits.OpenDeliveriesMax ? CustomerRejections.TooManyDeliveries : null;

    /// <summary>The parts that are taken, as the receiver gets them: what ends at one time is one.</summary>
    public static DeliveredLot[] LotsOf(CustomerState state, ReadOnlySpan<LotPart> taken)
    {
        var lots = new List<DeliveredLot>(taken.Length);
        foreach (ref readonly var part in taken)
        {
            var lot = Find(state, part.Lot);
            if (lots.Count > 0 && lots[^1] is var last && last.ExpiresAt == lot.ExpiresAt && last.ByInactivity == lot.ByInactivity)
            {
                var active = last.ActiveFrom > lot.ActiveFrom ? last.ActiveFrom : lot.ActiveFrom;
                lots[^1] = last with { Points = last.Points + part.Points, ActiveFrom = active };
            }
            else
            {
                lots.Add(new DeliveredLot(part.Points, lot.ActiveFrom, lot.ExpiresAt, lot.ByInactivity));
            }
        }

        return [.. lots];
    }

    public static Decision<CustomerEvent> Decide(CustomerState state, TakeDelivery take, Programme programme)
    {
        if (take.Points.Count is < 1 or > Limits.PointsMax || (take.Lots.Count > 0 && Sum(take.Lots) != take.Points)) return CustomerRejections.PointsInvalid.At("points");
        if (!TextRules.IsText(take.Reason)) return CustomerRejections.ReasonInvalid.At("reason");
        if (Math.Abs((long)take.UtcOffsetMinutes) > Limits.UtcOffsetMinutesMax) return CustomerRejections.OffsetInvalid;
        if (!state.IsEnrolled) return CustomerRejections.NotEnrolled;
        var events = default(EventList);
        events.Add(Burning.Expire(state, take, out var expired));
        var debtPaid = Points.Min(state.Debt, take.Points);
        var granted = Grants(state, take, debtPaid, programme);
        var balance = state.Balance - expired + take.Points;
        events.Add(new DeliveryReceived
        {
            At = take.At, Origin = take.Origin, From = take.From, Delivery = take.Delivery, Kind = take.Kind, Points = take.Points, Reason = take.Reason,
            LotsGranted = granted, DebtPaid = debtPaid, Balance = balance,
        });
        // What has ended on the way ends here; the balance of the event before it is still with it.
        events.Add(Burning.ExpireAtOnce(take, granted, ref balance));
        events.Add(LotMerging.Decide(state, take, [], granted.Length, state.LastLot + granted.Length));
        return events.ToDecision();
    }

    public static Decision<CustomerEvent> Decide(CustomerState state, SettleDelivery settle, Programme programme)
    {
        if (state.OpenDelivery(settle.Delivery) is not { } sent) return Decision<CustomerEvent>.AlreadyDone;
        if (settle.Refusal == 0)
            return new DeliveryArrived { At = settle.At, Origin = settle.Origin, Delivery = sent.Delivery, To = sent.To, Kind = sent.Kind, Points = sent.Points };
        var events = default(EventList);
        events.Add(Burning.Expire(state, settle, out var expired));
        var points = Sum(sent.Lots);
        var debtPaid = Points.Min(state.Debt, points);
        var given = GiveBack(state, sent, settle.At, debtPaid, programme);
        var balance = state.Balance - expired + points;
        events.Add(new DeliveryGivenBack
        {
            At = settle.At, Origin = settle.Origin, Delivery = sent.Delivery, To = sent.To, Kind = sent.Kind, Points = points, Refusal = settle.Refusal,
            LotsGivenBack = given, DebtPaid = debtPaid, Day = sent.Day, Counted = sent.Counted, Balance = balance,
        });
        events.Add(Burning.ExpireAtOnce(settle, given, ref balance));
        events.Add(LotMerging.Decide(state, settle, [], given.Length, state.LastLot + given.Length));
        return events.ToDecision();
    }

    /// <summary>Debt is paid by what ends first; the rest has the end it had. What is made for the receiver ends as points given by hand do.</summary>
    private static LotGrant[] Grants(CustomerState state, TakeDelivery take, Points debtPaid, Programme programme)
    {
        var rest = take.Points - debtPaid;
        if (rest == Points.Zero) return [];
        if (take.Lots.Count == 0)
        {
            var life = PointLife.OfGiven(state, take.At, take.UtcOffsetMinutes, programme);
            return [new LotGrant(state.LastLot + 1, rest, take.At, life.End, life.ByInactivity)];
        }

        var (grants, lastLot) = (new List<LotGrant>(take.Lots.Count), state.LastLot);
        for (var i = 0; i < take.Lots.Count; i++)
        {
            var paid = Points.Min(debtPaid, take.Lots[i].Points);
            debtPaid -= paid;
            if (take.Lots[i].Points - paid is var points && points > Points.Zero) grants.Add(new LotGrant(++lastLot, points, take.Lots[i].ActiveFrom, take.Lots[i].ExpiresAt));
        }

        return [.. grants];
    }

    /// <summary>As if they had never been sent, with the days of grace of points that come back with goods when their end has passed meanwhile.</summary>
    private static LotGrant[] GiveBack(CustomerState state, DeliverySent sent, Timestamp at, Points debtPaid, Programme programme)
    {
        var (grants, lastLot) = (new List<LotGrant>(sent.Lots.Count), state.LastLot);
        for (var i = 0; i < sent.Lots.Count; i++)
        {
            var lot = sent.Lots[i];
            var paid = Points.Min(debtPaid, lot.Points);
            debtPaid -= paid;
            if (lot.Points == paid) continue;
            var life = PointLife.OfGivenBack(state, new LotPart(0, lot.Points, lot.ExpiresAt, lot.ByInactivity), at, programme.GiveBackGraceDays);
            grants.Add(new LotGrant(++lastLot, lot.Points - paid, lot.ActiveFrom, life.End, life.ByInactivity));
        }

        return [.. grants];
    }

    private static Points Sum(IReadOnlyList<DeliveredLot> lots)
    {
        var sum = Points.Zero;
        for (var i = 0; i < lots.Count; i++) sum += lots[i].Points;
        return sum;
    }

    private static Lot Find(CustomerState state, int number)
    {
        foreach (ref readonly var lot in state.Lots)
        {
            if (lot.Number == number) return lot;
        }

        throw new InvalidOperationException($"Lot {number} is not open.");
    }
}
