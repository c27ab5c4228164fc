using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Stores;

namespace ChainCrm.Grains.ReadSide;

/// <summary>What an event means for figures.</summary>
internal enum FactKind
{
    None,
    Purchase,
    WalkIn,
    Return,
    Enrolled,
    PointsRedeemed,
    PointsGranted,
}

/// <summary>
/// One event as figures count it: the single place where it says what belongs to which store, day and figure, so that the wall and the read
/// models can't disagree. docs/formats/read-models.md has it in words.
/// </summary>
internal readonly struct Fact
{
    public FactKind Kind { get; private init; }

    /// <summary>The store it is counted at; null when only the chain counts it.</summary>
    public string? Store { get; private init; }
    public BusinessDay Day { get; private init; }

    /// <summary>Milliseconds since local midnight.</summary>
    public int MsOfDay { get; private init; }

    /// <summary>Gross: returns are counted apart.</summary>
    public long SalesMinor { get; private init; }
    public long ReturnsMinor { get; private init; }
    public long PointsGiven { get; private init; }
    public long PointsUsed { get; private init; }
    public bool CrossStore { get; private init; }

    /// <summary>The store of the customer's visit before, when it was another one.</summary>
    public string? CameFrom { get; private init; }

    /// <summary>The time is the sale's, from the till; false when the server stamped it.</summary>
    public bool IsSaleTime { get; private init; }

    /// <summary>Number of the day's 5-minute slot, 0 to 287.</summary>
    public int Slot => MsOfDay / GrainLimits.SlotMs;

    /// <summary>Reads an event; <see cref="FactKind.None"/> when no figure counts it.</summary>
    public static Fact Of(GrainId grain, object happened, BusinessCalendar calendar)
    {
        switch (happened)
        {
            case PurchaseRecorded e:
                return new Fact
                {
                    Kind = FactKind.Purchase, Store = e.Store.Value, Day = e.BusinessDay, MsOfDay = calendar.Local(e.OccurredAt).MsOfDay, IsSaleTime = true,
                    SalesMinor = e.Amount.Minor, PointsGiven = e.PointsEarned.Count, PointsUsed = e.PointsUsed.Count, CrossStore = e.CrossStore,
                    CameFrom = e.PreviousStore is { } previous && previous != e.Store ? previous.Value : null,
                };
            case WalkInRecorded e:
                return new Fact
                {
                    Kind = FactKind.WalkIn, Store = grain.Key, Day = e.BusinessDay, MsOfDay = calendar.Local(e.OccurredAt).MsOfDay, IsSaleTime = true,
                    SalesMinor = e.Amount.Minor,
                };
            case LinesReturned e:
                return new Fact
                {
                    Kind = FactKind.Return, Store = e.PurchaseStore.Value, Day = e.BusinessDay, MsOfDay = calendar.Local(e.OccurredAt).MsOfDay, IsSaleTime = true,
                    ReturnsMinor = e.Amount.Minor,
                };
            case CustomerEnrolled e:
                return Stamped(FactKind.Enrolled, e.HomeStore, e.At, calendar);
            case PointsRedeemed e:
                return Stamped(FactKind.PointsRedeemed, e.Origin.Store, e.At, calendar, used: e.Points.Count);
            case PointsAdjusted e when e.Points.Count > 0:
                return Stamped(FactKind.PointsGranted, e.Origin.Store, e.At, calendar, given: e.Points.Count);
            default:
                // Taking points by hand, expiry, tiers, merges, profiles: no figure of days, stores or the wall counts them.
                return default;
        }
    }

    private static Fact Stamped(FactKind kind, StoreId? store, Timestamp at, BusinessCalendar calendar, long given = 0, long used = 0)
    {
        var (day, msOfDay) = calendar.Local(at);
        return new Fact { Kind = kind, Store = store?.Value, Day = day, MsOfDay = msOfDay, PointsGiven = given, PointsUsed = used };
    }
}
