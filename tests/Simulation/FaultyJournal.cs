using ChainCrm.Journal;

namespace ChainCrm.Simulation;

/// <summary>
/// The disk of the simulated machine: a memory journal whose commits fail before or after they took effect, whose reads fail, and which
/// can crash the machine in the middle of a commit. Everything is synchronous, so that a seed decides every step.
/// </summary>
internal sealed class FaultyJournal(Random chance, bool acknowledgesTooEarly) : IJournal
{
    private readonly MemoryJournal _disk = new();
    private readonly List<EntryToAppend> _onlyPromised = [];

    /// <summary>Faults happen only while this is set.</summary>
    public bool FaultsOn { get; set; } = true;

    /// <summary>Set when the machine went down inside a commit; whoever drives the simulation throws the engine away.</summary>
    public bool Crashed { get; set; }

    public long Head => _disk.Head + _onlyPromised.Count;

    /// <summary>What really is on the disk.</summary>
    public MemoryJournal Disk => _disk;

    public ValueTask<AppendResult> AppendAsync(IReadOnlyList<EntryToAppend> batch, CancellationToken cancellation = default)
    {
        if (acknowledgesTooEarly)
            return new(Promise(batch));
        if (!FaultsOn)
            return _disk.AppendAsync(batch, cancellation);
        switch (chance.Next(100))
        {
            case < 3:
                throw new JournalUnavailableException("before") { DiskFull = chance.Next(3) == 0 };
            case < 6:
                Written(_disk.AppendAsync(batch, cancellation));
                throw new JournalUnavailableException("after");
            case < 7:
                Crashed = true;
                if (chance.Next(2) == 0)
                    Written(_disk.AppendAsync(batch, cancellation));
                throw new JournalUnavailableException("crash");
            default:
                return _disk.AppendAsync(batch, cancellation);
        }
    }

    /// <summary>A crash loses what was only promised.</summary>
    public void LosePromises() => _onlyPromised.Clear();

    public ValueTask<IReadOnlyList<JournalEntry>> ReadStreamAsync(string stream, long fromVersion, int max, CancellationToken cancellation = default)
    {
        MayFail();
        return _disk.ReadStreamAsync(stream, fromVersion, chance.Next(1, 4), cancellation);
    }

    public ValueTask<IReadOnlyList<JournalEntry>> ReadStreamBackwardAsync(string stream, long beforeVersion, int max, CancellationToken cancellation = default) =>
        _disk.ReadStreamBackwardAsync(stream, beforeVersion, max, cancellation);

    public ValueTask<JournalEntry?> FindCommandAsync(string stream, string commandId, CancellationToken cancellation = default)
    {
        MayFail();
        return _disk.FindCommandAsync(stream, commandId, cancellation);
    }

    public ValueTask<IReadOnlyList<JournalEntry>> ReadAfterAsync(long position, int max, CancellationToken cancellation = default) =>
        _disk.ReadAfterAsync(position, max, cancellation);

    public ValueTask DisposeAsync() => _disk.DisposeAsync();

    private void MayFail()
    {
        if (FaultsOn && chance.Next(100) < 2)
            throw new JournalUnavailableException("read");
    }

    /// <summary>The broken way: says yes at once and writes with the next commit.</summary>
    private AppendResult Promise(IReadOnlyList<EntryToAppend> batch)
    {
        if (_onlyPromised.Count > 0)
            Written(_disk.AppendAsync([.. _onlyPromised]));
        _onlyPromised.Clear();
        if (!FaultsOn)
            return Written(_disk.AppendAsync(batch));
        foreach (var entry in batch)
            _onlyPromised.Add(entry with { Data = entry.Data.ToArray() });
        if (chance.Next(20) == 0)
            Crashed = true;
        return new AppendResult(_disk.Head + 1, []);
    }

    private static AppendResult Written(ValueTask<AppendResult> append) => append.GetAwaiter().GetResult();
}
