using System.Diagnostics;
using System.Globalization;
using ChainCrm.Domain.Programmes;
using ChainCrm.Grains;
using ChainCrm.Grains.Codecs;
using ChainCrm.Grains.Runtime;
using ChainCrm.Journal;

namespace ChainCrm.Growth;

/// <summary>
/// Fills a journal as the engine would, without anybody who waits: real decisions, real codec, appends of many entries, each on the disk before the next.
/// One batch is decided while the one before is appended.
/// </summary>
internal sealed class Filling(IJournal journal, string what, long entriesInAll) : IAsyncDisposable
{
    private const int BatchEntries = 2_048;

    private readonly Stopwatch clock = Stopwatch.StartNew();
    private Batch open = new();
    private Batch spare = new();
    private Task appending = Task.CompletedTask;
    private TimeSpan said;

    /// <summary>Entries decided so far.</summary>
    public long Entries { get; private set; }

    /// <summary>Bytes of their payloads.</summary>
    public long Bytes { get; private set; }

    public static Activation Activate(GrainId grain) => GrainCatalog.Product.Activate(grain) ?? throw new InvalidOperationException($"{grain} is of no kind.");

    /// <summary>Decides a command on an activation that holds everything its stream holds.</summary>
    public async ValueTask AddAsync(Activation activation, GrainCommand command)
    {
        if (open.Records.Count == BatchEntries) await SendAsync();
        var start = open.Payloads.Length;
        var outcome = activation.Decide(command.Command, StableHash.Of(command.CommandId), command.Fingerprint, null, Programme.BuiltIn, open.Payloads);
        if (outcome.Events is null) throw new InvalidOperationException($"A command was answered {outcome.Rejection?.Name}.");
        open.Records.Add((command.Grain.Stream, activation.Version, command.CommandId, start, outcome.DataLength));
        Entries++;
        Bytes += outcome.DataLength;
        if (clock.Elapsed - said < TimeSpan.FromSeconds(5)) return;
        said = clock.Elapsed;
        Say("so far");
    }

    /// <summary>Everything decided so far is on the disk afterwards.</summary>
    public async Task FlushAsync()
    {
        await SendAsync();
        await appending;
    }

    /// <summary>Everything decided is on the disk afterwards.</summary>
    public async ValueTask DisposeAsync()
    {
        await FlushAsync();
        Say("done");
        open.Payloads.Dispose();
        spare.Payloads.Dispose();
    }

    private async Task SendAsync()
    {
        await appending;
        (open, spare) = (spare, open);
        open.Payloads.Clear();
        open.Records.Clear();
        var full = spare;
        appending = Task.Run(() => AppendAsync(full));
    }

    private async Task AppendAsync(Batch batch)
    {
        if (batch.Records.Count == 0) return;
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var entries = new EntryToAppend[batch.Records.Count];
        for (var i = 0; i < entries.Length; i++)
        {
            var (stream, version, command, start, length) = batch.Records[i];
            entries[i] = new EntryToAppend(stream, version - 1, command, CommandIsNew: true, now, batch.Payloads.Slice(start, length));
        }

        var result = await journal.AppendAsync(entries);
        if (!result.Committed) throw new InvalidOperationException($"The journal holds {result.ConflictedStreams[0]} already.");
    }

    private void Say(string how) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{what}: {Entries:N0} of {entriesInAll:N0} entries {how}, {clock.Elapsed.TotalSeconds:N0} s, {Entries / clock.Elapsed.TotalSeconds:N0} a second"));

    private sealed class Batch
    {
        public readonly EntryWriter Payloads = new();
        public readonly List<(string Stream, long Version, string Command, int Start, int Length)> Records = [];
    }
}
