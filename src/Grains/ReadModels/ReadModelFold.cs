using ChainCrm.Domain;
using ChainCrm.Domain.AccessKeys;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;
using ChainCrm.Domain.Stores;
using ChainCrm.Grains.ReadSide;

namespace ChainCrm.Grains.ReadModels;

/// <summary>What a run of entries adds to the tables, summed in memory so that each row is written once however often it was touched. One thread.</summary>
internal sealed class ReadModelFold
{
    private readonly Dictionary<string, ChainFold> _chains = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ChainFold>.AlternateLookup<ReadOnlySpan<char>> _bySpan;
    private readonly ChainCalendars _calendars;

    public ReadModelFold(ChainCalendars calendars)
    {
        _calendars = calendars;
        _bySpan = _chains.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Entries folded since the last write.</summary>
    public int Entries { get; private set; }

    /// <summary>The newest entry folded; null when none is.</summary>
    public CommittedEntry? Last { get; private set; }

    /// <summary>The chains with entries since the last write.</summary>
    public IEnumerable<(string Chain, ChainFold Fold)> Chains => _chains.Where(pair => pair.Value.Entries > 0).Select(pair => (pair.Key, pair.Value));

    public void Add(CommittedEntry entry)
    {
        var grain = entry.Grain;
        var chain = grain.Chain;
        if (!_bySpan.TryGetValue(chain, out var fold)) _chains[chain.ToString()] = fold = new ChainFold();
        fold.Entries++;
        var calendar = _calendars.Of(chain);
        for (var i = 0; i < entry.Events.Count; i++)
        {
            var happened = entry.Events[i];
            var fact = Fact.Of(grain, happened, calendar);
            if (fact.Kind != FactKind.None) fold.Count(entry, fact);
            switch (happened)
            {
                case PurchaseRecorded:
                    // Nearly all of them, and counted.
                    break;
                case CustomerEnrolled enrolled:
                    fold.Customers.Enrol(grain.Stream, enrolled.At.UnixMs, enrolled.HomeStore.Value);
                    break;
                case ProfileChanged changed:
                    fold.Customers.Move(grain.Stream, changed.HomeStore.Value);
                    break;
                case ProgrammePublished published:
                    _calendars.Publish(chain.ToString(), published.Version, published.Document);
                    fold.Directory.Add((entry, happened));
                    break;
                case StoreOpened or StoreChanged or StoreClosed or StoreReopened or AccessKeyEvent:
                    fold.Directory.Add((entry, happened));
                    break;
                default:
                    // Figures count it or nothing does.
                    break;
            }
        }

        Entries++;
        Last = entry;
    }

    public void Clear()
    {
        foreach (var (chain, fold) in _chains)
        {
            // What holds the sums is used again, but not kept for a chain that has become quiet.
            if (fold.Entries == 0) _chains.Remove(chain);
            else fold.Clear();
        }

        Entries = 0;
        Last = null;
    }
}
