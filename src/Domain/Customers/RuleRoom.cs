using ChainCrm.Domain.Programmes.EarningRules;

namespace ChainCrm.Domain.Customers;

/// <summary>
/// How many points the caps of a rule leave: from the customer's counters when a sale is decided, from what its entry recorded when what is left of it is worked
/// out again.
/// </summary>
internal readonly struct RuleRoom
{
    private readonly CustomerState? _state;
    private readonly IReadOnlyList<RuleGrant>? _recorded;
    private readonly IReadOnlyList<RuleGrantBack>? _back;
    private readonly BusinessDay _day;

    private RuleRoom(CustomerState? state, IReadOnlyList<RuleGrant>? recorded, BusinessDay day, IReadOnlyList<RuleGrantBack>? back = null) =>
        (_state, _recorded, _day, _back) = (state, recorded, day, back);

    /// <summary>The room of a sale that is decided now.</summary>
    public static RuleRoom Now(CustomerState state, BusinessDay day) => new(state, null, day);

    /// <summary>The room of a sale as it was decided.</summary>
    public static RuleRoom Then(PurchaseRecorded purchase) => new(null, purchase.Grants, purchase.BusinessDay);

    /// <summary>The room of what is left of a sale: as it was decided, and what other receipts used since is used.</summary>
    public static RuleRoom Rest(CustomerState state, PurchaseRecorded purchase, LinesReturned? lastReturn) =>
        new(state, purchase.Grants, purchase.BusinessDay, lastReturn?.GrantsBack ?? []);

    /// <summary>The room of somebody new.</summary>
    public static RuleRoom Full => default;

    /// <summary>What a rule may give of what it would; and its room, null when it has no caps.</summary>
    public (Points Granted, Points? Room) Fit(EarningRule rule, Points wanted)
    {
        if (rule.Caps.Count == 0) return (wanted, null);
        if (_recorded is not null) return FitRecorded(rule, wanted);
        var (granted, least) = (wanted, new Points(long.MaxValue));
        for (var i = 0; i < rule.Caps.Count; i++)
        {
            var cap = rule.Caps[i];
            var room = _state is null ? cap.Points : _state.RuleRoomOf(rule.Id, cap, _day);
            if (granted > room) granted = cap.Refuses ? Points.Zero : room;
            least = Points.Min(least, room);
        }

        return (granted, least);
    }

    // A rule that gave nothing for want of room gives nothing for less, either: a return never gives points.
    private (Points Granted, Points? Room) FitRecorded(EarningRule rule, Points wanted)
    {
        for (var i = 0; i < _recorded!.Count; i++)
        {
            var grant = _recorded[i];
            if (!string.Equals(grant.Rule, rule.Id, StringComparison.Ordinal)) continue;
            var room = grant.Room ?? Points.Zero;
            var granted = grant.Points == Points.Zero && grant.Withheld > Points.Zero ? Points.Zero : Points.Min(wanted, room);
            return (_state is null ? granted : FitSince(rule, grant, granted), room);
        }

        return (Points.Zero, Points.Zero);
    }

    // What the rule gave and what did not come back is counted and stays. One that takes the place of another of its group is not counted yet: it gets what
    // its caps leave today, after all other receipts.
    private Points FitSince(EarningRule rule, in RuleGrant grant, Points granted)
    {
        var counted = grant.Points;
        foreach (var back in _back!)
        {
            if (string.Equals(back.Rule, rule.Id, StringComparison.Ordinal)) counted -= back.PointsSoFar;
        }

        if (counted > Points.Zero) return Points.Min(granted, counted);
        for (var i = 0; i < rule.Caps.Count; i++)
        {
            var room = _state!.RuleRoomOf(rule.Id, rule.Caps[i], _day);
            if (granted > room) granted = rule.Caps[i].Refuses ? Points.Zero : room;
        }

        return granted;
    }
}
