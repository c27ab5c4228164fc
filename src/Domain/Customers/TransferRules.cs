using ChainCrm.Domain.Programmes;
using ChainCrm.Domain.Programmes.EarningRules;

namespace ChainCrm.Domain.Customers;

/// <summary>A customer gives points to another (docs/domain/transfers.md; F9).</summary>
internal static class TransferRules
{
    /// <summary>The counter of what was transferred. No earning rule and no coupon has a name like it.</summary>
    public const string Counter = "transfer:points";

    public static Decision<CustomerEvent> Decide(CustomerState state, TransferPoints transfer, Programme programme)
    {
        if (transfer.Points.Count is < 1 or > Limits.PointsMax) return CustomerRejections.PointsInvalid.At("points");
        if (!TextRules.IsText(transfer.Reason)) return CustomerRejections.ReasonInvalid.At("reason");
        if (Math.Abs((long)transfer.UtcOffsetMinutes) > Limits.UtcOffsetMinutesMax) return CustomerRejections.OffsetInvalid;
        if (transfer.To == transfer.From || !IdRules.IsValid(transfer.To)) return CustomerRejections.ReceiverInvalid.At("to");
        if (!state.IsEnrolled) return CustomerRejections.NotEnrolled.At("from");
        if (programme.Transfers.To != TransferTo.Anybody) return CustomerRejections.TransfersNotOffered;
        if (transfer.Points < programme.Transfers.Least) return CustomerRejections.TransferTooSmall.At("points");
        if (state.ArePointsFrozen) return CustomerRejections.PointsFrozen.At("points");
        if (transfer.Points > state.SpendableAt(transfer.At)) return CustomerRejections.NotEnoughPoints.At("points");
        if (BasketRules.RefuseSpending(state, transfer.At, transfer.Points, "points") is { } held) return held;
        var day = Earning.DayOf(transfer.At, transfer.UtcOffsetMinutes);
        if (transfer.Points > RoomOf(state, day, programme)) return CustomerRejections.TransferLimitReached.At("points");
        if (DeliveryRules.RefuseSending(state) is { } tooMany) return tooMany;

        var events = default(EventList);
        events.Add(Burning.Expire(state, transfer, out var expired));
        var taken = Burning.Take(state.Lots, transfer.At, transfer.Points, activeOnly: true);
        var sent = DeliveryRules.Send(state, transfer, transfer.To, DeliveryKinds.Transfer, transfer.Points, transfer.Reason, state.Balance - expired - transfer.Points);
        events.Add(sent with
        {
            Delivery = transfer.Number > 0 ? transfer.Number : sent.Delivery, Lots = DeliveryRules.LotsOf(state, taken), LotsUsed = taken,
            Day = day, Counted = programme.Transfers.Counted,
        });
        return events.ToDecision();
    }

    /// <summary>How many points the programme still lets the customer transfer on a day.</summary>
    private static Points RoomOf(CustomerState state, BusinessDay day, Programme programme)
    {
        var room = new Points(Limits.PointsMax);
        if (programme.Transfers.PerDay is { } perDay) room = Points.Min(room, state.RuleRoomOf(Counter, new EarningCap(CapPeriod.Day, perDay, Refuses: true), day));
        if (programme.Transfers.PerYear is { } perYear) room = Points.Min(room, state.RuleRoomOf(Counter, new EarningCap(CapPeriod.Year, perYear, Refuses: true), day));
        return room;
    }
}
