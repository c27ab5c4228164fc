using ChainCrm.Client.Wire;

namespace ChainCrm.Client.Replay;

/// <summary>What a replay did; the closing table and the JSON result.</summary>
public sealed record ReplayReport
{
    public required bool Finished { get; init; }
    public required long Rows { get; init; }
    public required long Receipts { get; init; }
    public required long Lines { get; init; }
    public required IReadOnlyDictionary<string, long> Quirks { get; init; }
    /// <summary>What rounding added or left out in all, major units.</summary>
    public required decimal RoundingTotal { get; init; }
    /// <summary>Operations with an outcome, those of an interrupted run before included.</summary>
    public required long Sent { get; init; }
    public required long RecordedPurchases { get; init; }
    public required long RecordedWalkIns { get; init; }
    public required long RecordedReturns { get; init; }
    public required long RefusedPurchases { get; init; }
    public required long RefusedCancellations { get; init; }
    /// <summary>Refusals by number.</summary>
    public required IReadOnlyList<RefusalCount> Refusals { get; init; }
    /// <summary>Taken over from an interrupted run.</summary>
    public required long FromEarlierRun { get; init; }
    public required double Seconds { get; init; }
    /// <summary>What the totals of the server grew by; what is recorded but not new was there before.</summary>
    public required Growth New { get; init; }

    /// <summary>Makes the report.</summary>
    internal static ReplayReport From(
        ReplayPlan plan, ReplayState state, IReadOnlyDictionary<int, string> names, StatsReply before, StatsReply after, TimeSpan elapsed)
    {
        var (purchases, walkIns, returns, refusedPurchases, refusedReturns, sent) = (0L, 0L, 0L, 0L, 0L, 0L);
        var refusals = new SortedDictionary<int, long>();
        for (var i = 0; i < plan.Operations.Count; i++)
        {
            var outcome = state[i];
            if (outcome == ReplayState.Open) continue;
            sent++;
            var isReturn = plan.Operations[i] is ReturnOperation;
            if (outcome == ReplayState.Recorded)
            {
                if (isReturn) returns++;
                else if (plan.Operations[i].Customer is null) walkIns++;
                else purchases++;
                continue;
            }

            if (isReturn) refusedReturns++;
            else refusedPurchases++;
            refusals[outcome] = refusals.GetValueOrDefault(outcome) + 1;
        }

        return new ReplayReport
        {
            Finished = sent == plan.Operations.Count,
            Rows = plan.Rows,
            Receipts = plan.Operations.Count,
            Lines = plan.Lines,
            Quirks = plan.Quirks.Counts,
            RoundingTotal = plan.Quirks.RoundingTotal,
            Sent = sent,
            RecordedPurchases = purchases,
            RecordedWalkIns = walkIns,
            RecordedReturns = returns,
            RefusedPurchases = refusedPurchases,
            RefusedCancellations = refusedReturns,
            Refusals = refusals.Select(pair => new RefusalCount(pair.Key, names.GetValueOrDefault(pair.Key) ?? "", pair.Value)).ToList(),
            FromEarlierRun = state.AlreadyDone,
            Seconds = Math.Round(elapsed.TotalSeconds, 3),
            New = new Growth(
                after.Members - before.Members, after.Stores - before.Stores, after.Purchases - before.Purchases,
                after.WalkIns - before.WalkIns, after.Returns - before.Returns, after.RevenueMinor - before.RevenueMinor),
        };
    }
}

/// <summary>How often a refusal occurred.</summary>
public sealed record RefusalCount(int Code, string Name, long Count);

/// <summary>What the totals of the server grew by while the replay ran; other tills may have added to it.</summary>
public sealed record Growth(long Members, long Stores, long Purchases, long WalkIns, long Returns, long RevenueMinor);
