using ChainCrm.Journal.Sqlite;

namespace ChainCrm.Journal.Postgres;

/// <summary>
/// A batch as the owner's append takes it: a list for each column, used again for every batch, and what this process knows of the streams. That is true until somebody
/// else appends, which the server compares. Not thread-safe.
/// </summary>
internal sealed class OwnedBatch
{
    private readonly HashSeed seed = HashSeed.Draw();
    private readonly Dictionary<TextKey, long> versions = [];
    private readonly HashSet<TextKey> commands = [];
    private HeadCache heads = new(PostgresLimits.HeadsMax);

    public List<string> Streams { get; } = [];

    public List<long> Versions { get; } = [];

    /// <summary>True where the server has to look up the version that the stream stands at. Ends with the last of them, so it is usually empty.</summary>
    public List<bool> Looks { get; } = [];

    public List<string> Commands { get; } = [];

    /// <summary>One for each entry, or one for all.</summary>
    public List<long> Times { get; } = [];

    public List<ReadOnlyMemory<byte>> Payloads { get; } = [];

    /// <summary>Takes a batch over.</summary>
    /// <returns>False when it needs the look at every version and command: the caller does not vouch for one, or it conflicts with itself or with what is known.</returns>
    public bool TryFill(IReadOnlyList<EntryToAppend> batch)
    {
        Clear();
        for (var i = 0; i < batch.Count; i++)
        {
            var entry = batch[i];
            var stream = seed.Stream(entry.Stream);
            var follows = versions.TryGetValue(stream, out var version);
            var known = follows || heads.TryGet(stream, out version);
            if (!entry.CommandIsNew || known && version != entry.ExpectedVersion || !commands.Add(seed.Command(stream, entry.CommandId))) return false;
            versions[stream] = entry.ExpectedVersion + 1;
            if (!known) LookAt(i);
            Streams.Add(entry.Stream);
            Versions.Add(entry.ExpectedVersion + 1);
            Commands.Add(entry.CommandId);
            AddTime(entry.TimeMs, i);
            Payloads.Add(entry.Data);
        }

        return true;
    }

    /// <summary>The batch was committed, and what it left is known.</summary>
    public void Committed()
    {
        foreach (var (stream, version) in versions) heads.Set(stream, version);
        Clear();
    }

    /// <summary>Somebody else may have appended to any stream.</summary>
    public void Forget() => heads = new(PostgresLimits.HeadsMax);

    /// <summary>Lets go of the caller's memory.</summary>
    public void Clear()
    {
        versions.Clear();
        commands.Clear();
        Streams.Clear();
        Versions.Clear();
        Looks.Clear();
        Commands.Clear();
        Times.Clear();
        Payloads.Clear();
    }

    private void LookAt(int index)
    {
        while (Looks.Count < index) Looks.Add(false);
        Looks.Add(true);
    }

    private void AddTime(long time, int index)
    {
        if (index > 0 && Times.Count == 1 && Times[0] == time) return;
        // The first one that differs: from here on there is one for each.
        while (Times.Count < index) Times.Add(Times[0]);
        Times.Add(time);
    }
}
