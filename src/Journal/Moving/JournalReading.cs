using ChainCrm.Journal.Sqlite;

namespace ChainCrm.Journal.Moving;

/// <summary>One journal read from its first entry to its last, for a comparison: digest, order, versions of each stream, and samples to look up. 40 bytes of memory for
/// each stream and for each <see cref="JournalLimits.CompareBlockEntries"/> entries.</summary>
internal sealed class JournalReading
{
    private readonly Dictionary<TextKey, long> versions = [];
    private readonly HashSeed seed = HashSeed.Draw();

    private JournalReading()
    {
    }

    /// <summary>Entries read.</summary>
    public long Count { get; private set; }

    /// <summary>Position of the last one; 0 when there is none.</summary>
    public long Head { get; private set; }

    /// <summary>Streams met.</summary>
    public int Streams => versions.Count;

    /// <summary>SHA-256 over all entries.</summary>
    public byte[] Digest { get; private set; } = [];

    /// <summary>The running digest at the end of each block.</summary>
    public List<byte[]> Blocks { get; } = [];

    /// <summary>Entries spread evenly over all, without their payload.</summary>
    public List<JournalEntry> Samples { get; } = [];

    /// <summary>The first place where a position or a version does not follow the one before; null when all do.</summary>
    public string? Disorder { get; private set; }

    /// <summary>The version that a stream ends at.</summary>
    public long VersionOf(string stream) => versions.GetValueOrDefault(seed.Stream(stream));

    /// <summary>Reads to the end of the journal as it is then.</summary>
    public static async Task<JournalReading> RunAsync(IJournal journal, Patience patience, Action<long> progress, CancellationToken cancellation)
    {
        var reading = new JournalReading();
        using var digest = new EntryDigest();
        var sampleEvery = Math.Max(1, journal.Head / JournalLimits.CompareSamples);
        while (true)
        {
            var page = await patience.ReadAfterAsync(journal, reading.Head, JournalLimits.CopyBatchEntries, cancellation).ConfigureAwait(false);
            if (page.Count == 0) break;
            foreach (var entry in page) reading.Take(entry, digest, sampleEvery);
            progress(page.Count);
        }

        reading.Digest = digest.Current();
        return reading;
    }

    private void Take(JournalEntry entry, EntryDigest digest, long sampleEvery)
    {
        if (entry.Position != Head + 1) Disorder ??= FormattableString.Invariant($"position {Head + 1} is missing");
        ref var version = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(versions, seed.Stream(entry.Stream), out _);
        if (entry.Version != version + 1) Disorder ??= FormattableString.Invariant($"the entry at position {entry.Position} has version {entry.Version} where {version + 1} follows");
        version = entry.Version;
        digest.Add(entry);
        Count++;
        Head = entry.Position;
        if (Count % JournalLimits.CompareBlockEntries == 0) Blocks.Add(digest.Current());
        if ((Count == 1 || Count % sampleEvery == 0) && Samples.Count <= JournalLimits.CompareSamples) Samples.Add(entry with { Data = default });
    }
}
