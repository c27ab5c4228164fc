using ChainCrm.Grains.Codecs;
using ChainCrm.Journal;

namespace ChainCrm.Simulation;

/// <summary>
/// The disk of the simulated machine: a memory journal whose commits fail before or after they took effect, whose reads fail, and which can take the
/// machine down in the middle of a commit. Everything is synchronous, so that a seed decides every step.
/// </summary>
internal sealed class SimDisk(Chance chance, Swarm swarm, SimClock clock, Trouble trouble, bool acknowledgesTooEarly) : IJournal
{
    private readonly MemoryJournal _disk = new();
    private readonly List<EntryToAppend> _onlyPromised = [];
    private readonly List<JournalEntry> _all = [];
    private readonly List<long> _writtenAt = [];

    /// <summary>Faults happen only while this is set.</summary>
    public bool FaultsOn { get; set; } = true;

    /// <summary>Set when the machine went down inside a commit; whoever drives the simulation throws the machine away.</summary>
    public bool Crashed { get; set; }

    public long Head => _disk.Head + _onlyPromised.Count;

    /// <summary>What really is on the disk, in order; the entry at position n stands at n - 1.</summary>
    public IReadOnlyList<JournalEntry> Entries => _all;

    /// <summary>Steady time at which the entry at a position was written, milliseconds.</summary>
    public long WrittenAtMs(long position) => _writtenAt[(int)position - 1];

    /// <summary>Steady time at which the newest entry was written, milliseconds; 0 before the first.</summary>
    public long LastWrittenMs => _writtenAt.Count == 0 ? 0 : _writtenAt[^1];

    /// <summary>Told of every entry that is written.</summary>
    public Action<string>? Trace { get; set; }

    /// <summary>Stands for everything that was written, in order.</summary>
    public ulong Hash { get; private set; }

    public ValueTask<AppendResult> AppendAsync(IReadOnlyList<EntryToAppend> batch, CancellationToken cancellation = default)
    {
        if (acknowledgesTooEarly)
            return new(Promise(batch));
        if (!FaultsOn)
            return new(Write(batch));
        switch (chance.Next(100))
        {
            case < 3 when swarm.CommitsFailBefore:
                trouble.Note();
                throw new JournalUnavailableException("before") { DiskFull = chance.Next(3) == 0 };
            case < 6 and >= 3 when swarm.CommitsFailAfter:
                trouble.Note();
                Write(batch);
                throw new JournalUnavailableException("after");
            case 6 when swarm.CommitsCrash && chance.OneIn(2):
                Crashed = true;
                if (chance.OneIn(2))
                    Write(batch);
                throw new JournalUnavailableException("crash");
            default:
                return new(Write(batch));
        }
    }

    /// <summary>A crash loses what was only promised.</summary>
    public void LosePromises() => _onlyPromised.Clear();

    public ValueTask<IReadOnlyList<JournalEntry>> ReadStreamAsync(string stream, long fromVersion, int max, CancellationToken cancellation = default)
    {
        MayFail(swarm.ReadFaults);
        return _disk.ReadStreamAsync(stream, fromVersion, swarm.ReadFaults ? Math.Min(max, chance.Next(1, 9)) : max, cancellation);
    }

    public ValueTask<IReadOnlyList<JournalEntry>> ReadStreamBackwardAsync(string stream, long beforeVersion, int max, CancellationToken cancellation = default)
    {
        MayFail(swarm.ReadFaults);
        return _disk.ReadStreamBackwardAsync(stream, beforeVersion, max, cancellation);
    }

    public ValueTask<JournalEntry?> FindCommandAsync(string stream, string commandId, CancellationToken cancellation = default)
    {
        MayFail(swarm.ReadFaults);
        return _disk.FindCommandAsync(stream, commandId, cancellation);
    }

    public ValueTask<IReadOnlyList<JournalEntry>> ReadAfterAsync(long position, int max, CancellationToken cancellation = default)
    {
        MayFail(swarm.FeedFaults);
        if (position >= _disk.Head && _onlyPromised.Count > 0)
            throw new JournalUnavailableException("promised only");
        return _disk.ReadAfterAsync(position, max, cancellation);
    }

    public ValueTask DisposeAsync() => _disk.DisposeAsync();

    private void MayFail(bool mayFail)
    {
        if (!FaultsOn || !mayFail || !chance.Percent(2))
            return;
        trouble.Note();
        throw new JournalUnavailableException("read");
    }

    /// <summary>The broken way: says yes at once and writes with the next commit.</summary>
    private AppendResult Promise(IReadOnlyList<EntryToAppend> batch)
    {
        if (_onlyPromised.Count > 0)
            Write([.. _onlyPromised]);
        _onlyPromised.Clear();
        if (!FaultsOn)
            return Write(batch);
        foreach (var entry in batch)
            _onlyPromised.Add(entry with { Data = entry.Data.ToArray() });
        if (chance.OneIn(20))
            Crashed = true;
        return new AppendResult(_disk.Head + 1, []);
    }

    private AppendResult Write(IReadOnlyList<EntryToAppend> batch)
    {
        var result = _disk.AppendAsync(batch).GetAwaiter().GetResult();
        while (_all.Count < _disk.Head)
        {
            foreach (var entry in _disk.ReadAfterAsync(_all.Count, JournalLimits.ReadMax).GetAwaiter().GetResult())
            {
                _all.Add(entry);
                _writtenAt.Add(clock.SteadyMs);
                Trace?.Invoke($"{entry.Position} {clock.SteadyMs} {entry.TimeMs} {entry.Stream} {entry.Version} {entry.CommandId} {System.Text.Encoding.UTF8.GetString(entry.Data.Span)}");
                unchecked
                {
                    Hash = ((Hash ^ StableHash.Of(entry.Stream) ^ (ulong)entry.TimeMs) * 0x9E3779B97F4A7C15) + StableHash.Of(entry.CommandId) + (ulong)entry.Data.Length;
                }
            }
        }

        return result;
    }
}
