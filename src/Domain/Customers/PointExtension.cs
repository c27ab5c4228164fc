namespace ChainCrm.Domain.Customers;

/// <summary>Headquarters lets points end later (docs/domain/lots.md; F3).</summary>
internal static class PointExtension
{
    public static Decision<CustomerEvent> Decide(CustomerState state, ExtendPoints extend)
    {
        if (!TextRules.IsText(extend.Reason)) return CustomerRejections.ReasonInvalid.At("reason");
        if (Math.Abs((long)extend.UtcOffsetMinutes) > Limits.UtcOffsetMinutesMax) return CustomerRejections.OffsetInvalid;
        var today = Earning.DayOf(extend.At, extend.UtcOffsetMinutes);
        if (extend.LastDay < today || (long)extend.LastDay.Number - today.Number > Limits.ExtensionDaysMax) return CustomerRejections.ExtensionInvalid.At("lastDay");
        if (extend.EndingBefore is { } before && (before < Limits.EarliestDay || before > extend.LastDay)) return CustomerRejections.ExtensionInvalid.At("endingBefore");
        if (!state.IsEnrolled) return CustomerRejections.NotEnrolled;
        var until = Earning.StartOf(new BusinessDay(extend.LastDay.Number + 1), extend.UtcOffsetMinutes);
        // What has the midnight with which a day begins as its end was good for the day before to the last moment.
        Timestamp? endingBy = extend.EndingBefore is { } day ? Earning.StartOf(day, extend.UtcOffsetMinutes) : null;
        var moved = Points.Zero;
        foreach (ref readonly var lot in state.Lots)
        {
            if (!lot.IsOver(extend.At) && IsMoved(lot, until, endingBy)) moved += lot.Remaining;
        }

        if (moved == Points.Zero) return CustomerRejections.NothingToExtend;
        var events = default(EventList);
        events.Add(Burning.Expire(state, extend, out _));
        events.Add(new PointsExtended { At = extend.At, Origin = extend.Origin, Points = moved, Until = until, EndingBy = endingBy, Reason = extend.Reason });
        return events.ToDecision();
    }

    /// <summary>An open lot gets the later end.</summary>
    public static bool IsMoved(in Lot lot, Timestamp until, Timestamp? endingBy) => lot.ExpiresAt is { } end && end < until && !(end > endingBy);
}
