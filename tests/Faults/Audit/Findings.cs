namespace ChainCrm.Faults.Audit;

/// <summary>What an audit found. Everything but <see cref="Found"/> should be empty.</summary>
internal sealed class Findings
{
    /// <summary>Acknowledged, and not recorded.</summary>
    public HashSet<string> Lost { get; } = new(StringComparer.Ordinal);

    /// <summary>Recorded more than once, or recorded although nobody was told so.</summary>
    public HashSet<string> Doubled { get; } = new(StringComparer.Ordinal);

    /// <summary>Another balance than the acknowledged effects come to, in the journal, in an answer, in a statement or in a total.</summary>
    public HashSet<string> Wrong { get; } = new(StringComparer.Ordinal);

    /// <summary>Commands that were recorded before a fault took their answer away, and were found by their key afterwards.</summary>
    public int Found { get; set; }

    public bool Any => Lost.Count + Doubled.Count + Wrong.Count > 0;

    public void Add(Findings other)
    {
        Lost.UnionWith(other.Lost);
        Doubled.UnionWith(other.Doubled);
        Wrong.UnionWith(other.Wrong);
        // Every audit looks at all commands from the beginning.
        Found = Math.Max(Found, other.Found);
    }

    public IEnumerable<string> Lines() =>
        Shown("lost", Lost).Concat(Shown("doubled", Doubled)).Concat(Shown("wrong", Wrong));

    private static IEnumerable<string> Shown(string what, HashSet<string> lines) => lines.Take(FaultsLimits.DifferencesShown).Select(line => $"{what}: {line}");
}
