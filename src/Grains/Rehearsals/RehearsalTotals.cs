using ChainCrm.Domain;
using ChainCrm.Domain.Customers;

namespace ChainCrm.Grains.Rehearsals;

/// <summary>Sums of one store, or of one rule or tier.</summary>
public sealed class RehearsalSum
{
    public long Sales { get; set; }
    public long BookedPoints { get; set; }
    public long LivedPoints { get; set; }
    /// <summary>What caps withhold under the draft; for rules.</summary>
    public long Withheld { get; set; }
}

/// <summary>What a rehearsal has found so far. Written by the rehearsal alone; readers get a copy.</summary>
public sealed class RehearsalTotals : IRehearsalTally
{
    private readonly Dictionary<string, RehearsalSum> _stores = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RehearsalSum> _rules = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RehearsalSum> _tiers = new(StringComparer.Ordinal);
    private readonly PriorityQueue<(CustomerId Customer, long Points), long> _most = new();
    private long _customerBooked;
    private long _customerLived;

    /// <summary>The customer whose entries are counted now.</summary>
    public CustomerId Customer { get; set; }

    public long Customers { get; private set; }
    public long Gain { get; private set; }
    public long Lose { get; private set; }
    public long BookedPoints { get; private set; }
    public long LivedPoints { get; private set; }
    /// <summary>Points that customers of the window hold at its end.</summary>
    public long BookedBalance { get; private set; }
    public long LivedBalance { get; private set; }
    public long HigherTier { get; private set; }
    public long LowerTier { get; private set; }
    public long Refused { get; private set; }
    /// <summary>Sales and returns whose points differ.</summary>
    public long Different { get; private set; }

    public IReadOnlyDictionary<string, RehearsalSum> Stores => _stores;
    public IReadOnlyDictionary<string, RehearsalSum> Rules => _rules;
    public IReadOnlyDictionary<string, RehearsalSum> Tiers => _tiers;

    /// <summary>Who gains most.</summary>
    public IReadOnlyList<(CustomerId Customer, long Points)> Most => [.. _most.UnorderedItems.Select(static item => item.Element).OrderByDescending(static item => item.Points)];

    /// <summary>Rank of a tier in the order of the running programme.</summary>
    public required Func<TierId, int> RankOf { get; init; }

    public void Sold(PurchaseRecorded booked, PurchaseRecorded? lived)
    {
        Of(_stores, booked.Store.Value).Sales++;
        Of(_tiers, booked.Tier.Value).Sales++;
        Count(booked.Store, booked.Tier, booked.PointsEarned.Count, lived?.PointsEarned.Count ?? 0);
        foreach (var grant in booked.Grants)
        {
            if (grant.Points > Points.Zero) Of(_rules, grant.Rule).BookedPoints += grant.Points.Count;
        }

        foreach (var grant in lived?.Grants ?? [])
        {
            if (grant.Points == Points.Zero && grant.Withheld == Points.Zero) continue;
            var rule = Of(_rules, grant.Rule);
            rule.Sales++;
            rule.LivedPoints += grant.Points.Count;
            rule.Withheld += grant.Withheld.Count;
        }
    }

    public void CameBack(LinesReturned booked, LinesReturned? lived) =>
        Count(booked.PurchaseStore, booked.Tier, -booked.PointsTakenBack.Count, -(lived?.PointsTakenBack.Count ?? 0));

    void IRehearsalTally.Refused(Rejection why) => Refused++;

    public void Ended(CustomerState booked, CustomerState lived)
    {
        Customers++;
        var difference = _customerLived - _customerBooked;
        (_customerBooked, _customerLived) = (0, 0);
        if (difference > 0)
        {
            Gain++;
            _most.Enqueue((Customer, difference), difference);
            if (_most.Count > GrainLimits.RehearsalMostKept) _most.Dequeue();
        }
        else if (difference < 0)
        {
            Lose++;
        }

        BookedBalance += booked.Balance.Count;
        LivedBalance += lived.Balance.Count;
        var (rank, livedRank) = (RankOf(booked.Tier), RankOf(lived.Tier));
        if (livedRank > rank) HigherTier++;
        else if (livedRank < rank) LowerTier++;
    }

    private void Count(StoreId at, TierId tier, long booked, long lived)
    {
        Add(Of(_stores, at.Value), booked, lived);
        Add(Of(_tiers, tier.Value), booked, lived);
        BookedPoints += booked;
        LivedPoints += lived;
        _customerBooked += booked;
        _customerLived += lived;
        if (booked != lived) Different++;
    }

    private static void Add(RehearsalSum sum, long booked, long lived)
    {
        sum.BookedPoints += booked;
        sum.LivedPoints += lived;
    }

    private static RehearsalSum Of(Dictionary<string, RehearsalSum> sums, string key)
    {
        if (!sums.TryGetValue(key, out var sum)) sums.Add(key, sum = new RehearsalSum());
        return sum;
    }
}
