namespace ChainCrm.Client.Verify;

/// <summary>The result of verify.</summary>
public sealed record VerifyReport
{
    public required long Position { get; init; }
    public required long Entries { get; init; }
    public required long Events { get; init; }
    public required long Customers { get; init; }
    public required long Stores { get; init; }
    public required long Purchases { get; init; }
    public required long WalkIns { get; init; }
    public required long Returns { get; init; }
    public required long RevenueMinor { get; init; }
    /// <summary>What could not be checked, by reason.</summary>
    public required IReadOnlyDictionary<string, long> NotChecked { get; init; }
    public required long DifferenceCount { get; init; }
    /// <summary>The first <see cref="ClientLimits.DifferencesShownMax"/>.</summary>
    public required IReadOnlyList<Difference> Differences { get; init; }
    public required double Seconds { get; init; }
}
