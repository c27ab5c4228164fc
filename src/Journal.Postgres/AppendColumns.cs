using System.Runtime.InteropServices;

namespace ChainCrm.Journal.Postgres;

/// <summary>A batch as the server takes it: one array for each column. What conflicts within the batch is found here, what conflicts with the
/// journal is found there.</summary>
internal sealed class AppendColumns
{
    public AppendColumns(IReadOnlyList<EntryToAppend> batch)
    {
        var count = batch.Count;
        (Streams, Versions, Firsts, Commands) = (new string[count], new long[count], new bool[count], new string[count]);
        (Fresh, Times, Payloads) = (new bool[count], new long[count], new ReadOnlyMemory<byte>[count]);
        Dictionary<string, long> heads = new(count, StringComparer.Ordinal);
        HashSet<(string, string)> commands = new(count);
        for (var i = 0; i < count; i++)
        {
            var entry = batch[i];
            (Streams[i], Versions[i], Commands[i]) = (entry.Stream, entry.ExpectedVersion + 1, entry.CommandId);
            (Fresh[i], Times[i], Payloads[i]) = (entry.CommandIsNew, entry.TimeMs, entry.Data);
            ref var head = ref CollectionsMarshal.GetValueRefOrAddDefault(heads, entry.Stream, out var known);
            Firsts[i] = !known;
            var follows = !known || head == entry.ExpectedVersion;
            if (!commands.Add((entry.Stream, entry.CommandId)) || !follows)
            {
                if (!Conflicts.Contains(entry.Stream)) Conflicts.Add(entry.Stream);
            }

            head = entry.ExpectedVersion + 1;
        }
    }

    public string[] Streams { get; }

    /// <summary>The versions that the entries will have.</summary>
    public long[] Versions { get; }

    /// <summary>True where an entry is the first of its stream in the batch.</summary>
    public bool[] Firsts { get; }

    public string[] Commands { get; }

    /// <summary>True where the caller has proof that the stream does not hold the command.</summary>
    public bool[] Fresh { get; }

    public long[] Times { get; }

    public ReadOnlyMemory<byte>[] Payloads { get; }

    /// <summary>Streams that conflict with themselves: a gap, or a command twice. Whatever the journal holds, the batch is not written then.</summary>
    public List<string> Conflicts { get; } = [];
}
