using ChainCrm.Domain.Programmes;
using ChainCrm.Domain.Programmes.EarningRules;

namespace ChainCrm.Domain.Customers;

/// <summary>The referrer's side of a reward: it comes, within what the programme gives in a year, and may be taken back (docs/domain/referral.md).</summary>
internal static class ReferralTaking
{
    /// <summary>In which times a reward counts, or that no more are given this year. Nothing for deliveries of other kinds.</summary>
    public static (BusinessDay Day, CapPeriods Counted, Rejection? Refused) Count(CustomerState state, TakeDelivery take, Programme programme)
    {
        // Where the programme rewards no referrals any more, what was earned before still comes.
        if (take.Kind != DeliveryKinds.Referral || programme.Referral?.MostPerYear is not { } most) return default;
        var day = Earning.DayOf(take.At, take.UtcOffsetMinutes);
        var room = state.RuleRoomOf(ReferralRules.Counter, new EarningCap(CapPeriod.Year, new Points(most), Refuses: true), day);
        return room < new Points(1) ? (default, default, CustomerRejections.ReferralLimitReached) : (day, CapPeriods.Year, null);
    }

    /// <summary>Takes a reward back, as a return takes points back: what is spent becomes debt where the programme allows debt.</summary>
    public static Decision<CustomerEvent> Back(CustomerState state, TakeDelivery take, Programme programme)
    {
        if (take.Received is not { } received) return CustomerRejections.ReferralNotReceived;
        var events = default(EventList);
        events.Add(Burning.Expire(state, take, out var expired));
        var taken = Burning.Take(state.Lots, take.At, received.Points, activeOnly: false, ownLot: PlaceOf(state, received));
        var missing = received.Points - Burning.Sum(taken);
        var debt = programme.NegativeBalance ? missing : Points.Zero;
        var points = Burning.Sum(taken) + debt;
        events.Add(new DeliveryReceived
        {
            At = take.At, Origin = take.Origin, From = take.From, Delivery = take.Delivery, Of = take.Of, Kind = take.Kind, Points = -points, Reason = take.Reason,
            LotsTaken = taken, DebtAdded = debt, Day = received.Day, Counted = received.Counted, Balance = state.Balance - expired - points,
        });
        return events.ToDecision();
    }

    /// <summary>Place of the lot that the reward went to; -1 when it is used up, over or merged.</summary>
    private static int PlaceOf(CustomerState state, DeliveryReceived received)
    {
        for (var i = 0; received.LotsGranted.Count > 0 && i < state.Lots.Length; i++)
        {
            if (state.Lots[i].Number == received.LotsGranted[0].Lot) return i;
        }

        return -1;
    }
}
