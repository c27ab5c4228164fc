using ChainCrm.Journal.Postgres;
using ChainCrm.Journal.Sqlite;
using ChainCrm.TestKit.Postgres;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace ChainCrm.Journal.Tests;

/// <summary>Random sequences of operations against every journal and a model of a few lines. A failure names its seed; put it into the list to repeat it.</summary>
public sealed class JournalModelTests(ITestOutputHelper output)
{
    private const int Operations = 400;
    private static readonly string[] Streams = ["main/customer/a", "main/customer/b", "main/store/北京", "main/store/s2", "main/customer/a "];

    public static TheoryData<int> Seeds() => [1, 2, 3, 4, 5, 6, Random.Shared.Next()];

    [Theory]
    [MemberData(nameof(Seeds), DisableDiscoveryEnumeration = true)]
    public async Task Memory_does_as_the_model_does(int seed)
    {
        output.WriteLine($"seed {seed}");
        await using var journal = new MemoryJournal();
        await new Run(seed, journal, (current, _) => Task.FromResult(current)).PlayAsync();
    }

    [Theory]
    [MemberData(nameof(Seeds), DisableDiscoveryEnumeration = true)]
    public async Task Sqlite_does_as_the_model_does_through_index_runs_crashes_and_restarts(int seed)
    {
        output.WriteLine($"seed {seed}");
        var folders = new Stack<TempFolder>([new TempFolder()]);
        Task<SqliteJournal> Open() => SqliteJournal.OpenAsync(new()
        {
            Folder = folders.Peek().Path,
            SegmentEntries = 1 + seed % 7,
            HeadsCached = 2 + seed % 5,
            IndexSliceEntries = 1 + seed % 90,
            IndexFilterBytesMax = seed % 3 * 1_000,
        });
        async Task<IJournal> Disturb(IJournal current, int what)
        {
            switch (what)
            {
                case 0:
                    await current.DisposeAsync();
                    return await Open();
                case 1:
                    folders.Push(folders.Peek().CopyAsAfterACrash(withIndex: false));
                    await current.DisposeAsync();
                    return await Open();
                case 2:
                    await ((SqliteJournal)current).FlushIndexAsync();
                    folders.Push(folders.Peek().CopyAsAfterACrash());
                    await current.DisposeAsync();
                    return await Open();
                default:
                    await ((SqliteJournal)current).FlushIndexAsync();
                    return current;
            }
        }

        var run = new Run(seed, await Open(), Disturb);
        try
        {
            await run.PlayAsync();
            (await ((SqliteJournal)run.Journal).ValidateAsync()).ShouldBeEmpty();
        }
        finally
        {
            await run.Journal.DisposeAsync();
            while (folders.TryPop(out var folder)) folder.Dispose();
        }
    }

    [Theory]
    [NeedsPostgres]
    [MemberData(nameof(Seeds), DisableDiscoveryEnumeration = true)]
    public async Task Postgres_does_as_the_model_does_through_restarts_and_in_several_processes(int seed)
    {
        output.WriteLine($"seed {seed}");
        var options = await Postgres.OptionsAsync();
        List<IJournal> opened = [];
        async Task<IJournal> OpenAsync()
        {
            opened.Add(await PostgresJournal.OpenAsync(options));
            return opened[^1];
        }

        async Task<IJournal> Disturb(IJournal current, int what)
        {
            if (what == 0) await current.DisposeAsync();
            if (what <= 1) return await OpenAsync();
            // Another one that was opened long ago goes on; it hears of what was appended meanwhile.
            var other = opened[what % opened.Count];
            try
            {
                await other.ReadAfterAsync(current.Head - 1, 1);
                return other;
            }
            catch (ObjectDisposedException)
            {
                return current;
            }
        }

        var run = new Run(seed, await OpenAsync(), Disturb);
        await run.PlayAsync();
        foreach (var journal in opened) await journal.DisposeAsync();
    }

    /// <summary>One process has the schema for itself and remembers what it wrote; others append all the same.</summary>
    [Theory]
    [NeedsPostgres]
    [MemberData(nameof(Seeds), DisableDiscoveryEnumeration = true)]
    public async Task Postgres_does_as_the_model_does_when_others_append_beside_the_owner(int seed)
    {
        output.WriteLine($"seed {seed}");
        var options = await Postgres.OptionsAsync();
        IJournal owner = await PostgresJournal.OpenAsync(options with { Alone = true });
        await using var guest = await PostgresJournal.OpenAsync(options);

        async Task<IJournal> Disturb(IJournal current, int what)
        {
            if (what == 0)
            {
                await owner.DisposeAsync();
                return owner = await PostgresJournal.OpenAsync(options with { Alone = true });
            }

            var next = current == owner ? guest : owner;
            await next.ReadAfterAsync(current.Head - 1, 1);
            return next;
        }

        var run = new Run(seed, owner, Disturb);
        await run.PlayAsync();
        await owner.DisposeAsync();
    }

    private sealed class Run(int seed, IJournal journal, Func<IJournal, int, Task<IJournal>> disturb)
    {
        private readonly Random random = new(seed);
        private readonly List<(string Stream, long Version, string Command, string Data)> model = [];

        public IJournal Journal { get; private set; } = journal;

        public async Task PlayAsync()
        {
            for (var i = 0; i < Operations; i++)
            {
                var because = $"seed {seed}, operation {i}";
                switch (random.Next(20))
                {
                    case < 10:
                        await AppendAsync(because);
                        break;
                    case < 12:
                        await ReadStreamAsync(because);
                        break;
                    case < 14:
                        await ReadBackwardAsync(because);
                        break;
                    case < 16:
                        await ReadAfterAsync(because);
                        break;
                    case < 19:
                        await FindAsync(because);
                        break;
                    default:
                        Journal = await disturb(Journal, random.Next(4));
                        break;
                }

                Journal.Head.ShouldBe(model.Count, because);
            }
        }

        private async Task AppendAsync(string because)
        {
            List<EntryToAppend> batch = [];
            List<(string Stream, long Version, string Command, string Data)> after = [.. model];
            HashSet<string> conflicts = [];
            for (var count = random.Next(1, 7); count > 0; count--)
            {
                var stream = Pick();
                var version = (long)after.Count(e => e.Stream == stream);
                var expected = random.Next(12) == 0 ? Math.Max(0, version + random.Next(-1, 2)) : version;
                var command = $"c{random.Next(random.Next(6) == 0 ? 300 : 30_000)}";
                var data = new string((char)('a' + random.Next(26)), random.Next(300));
                var known = after.Any(e => e.Stream == stream && e.Command == command);
                batch.Add(Given.Entry(stream, expected, command, data, commandIsNew: !known && random.Next(2) == 0));
                if (expected == version && !known) after.Add((stream, version + 1, command, data));
                else conflicts.Add(stream);
            }

            var result = await Journal.AppendAsync(batch);

            result.ConflictedStreams.ShouldBe(conflicts, ignoreOrder: true, because);
            result.FirstPosition.ShouldBe(conflicts.Count > 0 ? 0 : model.Count + 1, because);
            if (conflicts.Count > 0) return;
            model.Clear();
            model.AddRange(after);
        }

        private async Task ReadStreamAsync(string because)
        {
            var (stream, from, max) = (Pick(), Place(), random.Next(1, 30));
            Same(await Journal.ReadStreamAsync(stream, from, max), model.Where(e => e.Stream == stream && e.Version >= from).Take(max), because);
        }

        private async Task ReadBackwardAsync(string because)
        {
            var (stream, before, max) = (Pick(), random.Next(3) == 0 ? long.MaxValue : Place(), random.Next(1, 30));
            Same(
                await Journal.ReadStreamBackwardAsync(stream, before, max),
                model.Where(e => e.Stream == stream && e.Version < before).Reverse().Take(max),
                because);
        }

        private async Task ReadAfterAsync(string because)
        {
            var (after, max) = (random.Next(-1, model.Count + 2), random.Next(1, 50));
            var read = await Journal.ReadAfterAsync(after, max);
            Same(read, model.Skip(after).Take(max), because);
            read.Select(e => e.Position).ShouldBe(read.Select((_, i) => (long)Math.Max(after, 0) + 1 + i), because);
        }

        private async Task FindAsync(string because)
        {
            var known = model.Count > 0 && random.Next(3) > 0 ? model[random.Next(model.Count)] : (Pick(), 0, $"c{random.Next(300)}", "");
            var found = await Journal.FindCommandAsync(known.Item1, known.Item3);
            var expected = model.Where(e => e.Stream == known.Item1 && e.Command == known.Item3);
            Same(found is null ? [] : [found], expected, because);
        }

        private string Pick() => Streams[random.Next(Streams.Length)];

        private long Place() => random.Next(0, 5 + model.Count / Streams.Length);

        private static void Same(
            IEnumerable<JournalEntry> read, IEnumerable<(string Stream, long Version, string Command, string Data)> expected, string because) =>
            read.Select(e => (e.Stream, e.Version, e.CommandId, e.Text())).ShouldBe(expected, because);
    }
}
