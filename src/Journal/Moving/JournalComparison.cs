namespace ChainCrm.Journal.Moving;

/// <summary>What one journal showed when it was read from its first entry to its last.</summary>
/// <param name="Count">Entries.</param>
/// <param name="Head">Position of the last one.</param>
/// <param name="Streams">Streams.</param>
/// <param name="Digest">SHA-256 over all entries in order, lower-case hexadecimal digits.</param>
public sealed record JournalFigures(long Count, long Head, int Streams, string Digest);

/// <summary>How a comparison ended.</summary>
/// <param name="Source">The figures of the one.</param>
/// <param name="Target">The figures of the other.</param>
/// <param name="LookUps">Streams and commands that both were asked for.</param>
/// <param name="Differences">What differs, a sentence each, never a payload; empty when nothing does.</param>
public sealed record JournalComparisonResult(JournalFigures Source, JournalFigures Target, int LookUps, IReadOnlyList<string> Differences);

/// <summary>
/// Holds two journals against each other. Each is read whole and on its own, from its first entry to its last, and asked for the streams and commands of
/// samples, so that what its indexes say is compared as well.
/// </summary>
public sealed class JournalComparison
{
    private readonly IJournal source, target;
    private readonly Action<string>? notice;
    private readonly TimeSpan patience = TimeSpan.FromMilliseconds(JournalLimits.CopyPatienceMs);

    /// <param name="source">The one.</param>
    /// <param name="target">The other.</param>
    /// <param name="notice">Told when a journal does not answer and is asked again; may be null.</param>
    public JournalComparison(IJournal source, IJournal target, Action<string>? notice = null) => (this.source, this.target, this.notice) = (source, target, notice);

    /// <summary>Compares. Nobody may append meanwhile; what was appended to one of them is a difference.</summary>
    /// <param name="progress">Told how many entries were read since it was last told, of both journals together.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="JournalUnavailableException">A journal did not answer for <see cref="JournalLimits.CopyPatienceMs"/>.</exception>
    public async Task<JournalComparisonResult> RunAsync(Action<long> progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(progress);
        var readings = await Task.WhenAll(
            Task.Run(() => JournalReading.RunAsync(source, NewPatience(), progress, cancellation), cancellation),
            Task.Run(() => JournalReading.RunAsync(target, NewPatience(), progress, cancellation), cancellation)).ConfigureAwait(false);
        var (one, other) = (readings[0], readings[1]);
        List<string> differences = [];
        if (one.Count != other.Count) differences.Add(FormattableString.Invariant($"The source has {one.Count} entries, the target {other.Count}."));
        if (one.Head != other.Head) differences.Add(FormattableString.Invariant($"The source ends at position {one.Head}, the target at {other.Head}."));
        if (one.Streams != other.Streams) differences.Add(FormattableString.Invariant($"The source has {one.Streams} streams, the target {other.Streams}."));
        if (one.Disorder is { } inSource) differences.Add($"In the source {inSource}.");
        if (other.Disorder is { } inTarget) differences.Add($"In the target {inTarget}.");
        if (!one.Digest.AsSpan().SequenceEqual(other.Digest)) differences.Add(await FirstDifferenceAsync(one, other, cancellation).ConfigureAwait(false));
        var lookUps = await LookUpAsync(one, other, differences, cancellation).ConfigureAwait(false);
        return new(Figures(one), Figures(other), lookUps, differences);
    }

    private static JournalFigures Figures(JournalReading reading) => new(reading.Count, reading.Head, reading.Streams, Convert.ToHexStringLower(reading.Digest));

    private Patience NewPatience() => new(patience, notice);

    /// <summary>Reads the first block that differs once more, from both.</summary>
    private async Task<string> FirstDifferenceAsync(JournalReading one, JournalReading other, CancellationToken cancellation)
    {
        var same = 0;
        while (same < one.Blocks.Count && same < other.Blocks.Count && one.Blocks[same].AsSpan().SequenceEqual(other.Blocks[same])) same++;
        var at = (long)same * JournalLimits.CompareBlockEntries;
        var retry = NewPatience();
        while (true)
        {
            var here = await retry.ReadAfterAsync(source, at, JournalLimits.CopyBatchEntries, cancellation).ConfigureAwait(false);
            var there = await retry.ReadAfterAsync(target, at, JournalLimits.CopyBatchEntries, cancellation).ConfigureAwait(false);
            for (var i = 0; i < Math.Min(here.Count, there.Count); i++)
            {
                if (EntryDigest.Difference(here[i], there[i]) is { } what)
                    return FormattableString.Invariant($"The first entry that differs is at position {here[i].Position}: its {what} is another one.");
            }

            if (here.Count == 0 || there.Count == 0) return FormattableString.Invariant($"Up to position {at} all entries are the same; one of the two ends there.");
            at += Math.Min(here.Count, there.Count);
        }
    }

    /// <summary>Asks both for the commands and streams of the samples.</summary>
    private async Task<int> LookUpAsync(JournalReading one, JournalReading other, List<string> differences, CancellationToken cancellation)
    {
        var retry = NewPatience();
        var (asked, wrong) = (0, 0);
        foreach (var sample in one.Samples)
        {
            asked += 2;
            if (!await FindsAsync(source, sample, one.VersionOf(sample.Stream)).ConfigureAwait(false) && ++wrong == 1)
                differences.Add(FormattableString.Invariant($"The source does not find the stream or the command of position {sample.Position} as it was read."));
            if (!await FindsAsync(target, sample, other.VersionOf(sample.Stream)).ConfigureAwait(false) && ++wrong == 1)
                differences.Add(FormattableString.Invariant($"The target does not find the stream or the command of position {sample.Position} as it was read."));
        }

        if (wrong > 1) differences.Add(FormattableString.Invariant($"{wrong} of {2 * one.Samples.Count} samples are not found as they were read."));
        return asked;

        async Task<bool> FindsAsync(IJournal journal, JournalEntry sample, long version)
        {
            var command = await retry.AskAsync(() => journal.FindCommandAsync(sample.Stream, sample.CommandId, cancellation), cancellation).ConfigureAwait(false);
            var newest = await retry.AskAsync(() => journal.ReadStreamBackwardAsync(sample.Stream, long.MaxValue, 1, cancellation), cancellation).ConfigureAwait(false);
            return command?.Position == sample.Position && newest is [var last] && last.Version == version;
        }
    }
}
