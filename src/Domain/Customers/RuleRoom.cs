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
    private readonly BusinessDay _day;

    private RuleRoom(CustomerState? state, IReadOnlyList<RuleGrant>? recorded, BusinessDay day) => (_state, _recorded, _day) = (state, recorded, day);

    /// <summary>The room of a sale that is decided now.</summary>
    public static RuleRoom Now(CustomerState state, BusinessDay day) => new(state, null, day);

    /// <summary>The room of a sale as it was decided.</summary>
    public static RuleRoom Then(PurchaseRecorded purchase) => new(null, purchase.Grants, purchase.BusinessDay);

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
            return (grant.Points == Points.Zero && grant.Withheld > Points.Zero ? Points.Zero : Points.Min(wanted, room), room);
        }

        return (Points.Zero, Points.Zero);
    }
}
