using System.Globalization;

namespace ChainCrm.Client.Verify;

/// <summary>Something that does not agree.</summary>
/// <param name="Where">The stream and version, the customer, the store, or the totals.</param>
/// <param name="What">The figure.</param>
/// <param name="Expected">What the journal's arithmetic gives.</param>
/// <param name="Found">What the entry, the running system or a read model says.</param>
public sealed record Difference(string Where, string What, string Expected, string Found);

/// <summary>Collects differences: all are counted, the first are kept.</summary>
public sealed class Differences
{
    private readonly List<Difference> _shown = [];

    public long Count { get; private set; }

    /// <summary>The first <see cref="ClientLimits.DifferencesShownMax"/>.</summary>
    public IReadOnlyList<Difference> Shown => _shown;

    public void Add(string where, string what, string expected, string found)
    {
        Count++;
        if (_shown.Count < ClientLimits.DifferencesShownMax) _shown.Add(new Difference(where, what, expected, found));
    }

    /// <summary>Adds a difference unless the two are equal.</summary>
    public void Expect(string where, string what, long expected, long found)
    {
        if (expected != found) Add(where, what, Number(expected), Number(found));
    }

    /// <summary>Adds a difference unless the two are equal.</summary>
    public void Expect(string where, string what, string? expected, string? found)
    {
        if (expected != found) Add(where, what, expected ?? "none", found ?? "none");
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
