using ChainCrm.Journal.Sqlite;
using Shouldly;
using Xunit;
using static ChainCrm.Journal.Tests.Given;

namespace ChainCrm.Journal.Tests;

/// <summary>What goes on behind the commits: index runs, checkpoints, and what an append costs.</summary>
public sealed class SqliteBehindTheCommitsTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_wal_stays_bounded_under_an_unbroken_stream_of_commits_and_readers()
    {
        const int walMax = 1_000_000;
        await using var journal = await SqliteJournal.OpenAsync(new() { Folder = folder.Path, CheckpointBytes = 200_000, WalBytesMax = walMax });
        using var stop = new CancellationTokenSource();
        var reading = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested) await journal.ReadStreamAsync(Anna, Math.Max(1, journal.Head - 50), 100);
        });
        long most = 0;
        var payload = new string('x', 20_000);
        for (var i = 0; i < 100; i++)
        {
            await journal.CommitAsync([.. Enumerable.Range(i * 10, 10).Select(v => Entry(Anna, v, $"c{v}", payload))]);
            most = Math.Max(most, new FileInfo(folder.File("journal.db-wal")).Length);
        }

        await stop.CancelAsync();
        await reading.WaitAsync(TimeSpan.FromSeconds(30));
        journal.Status.CheckpointFault.ShouldBeNull();
        new FileInfo(folder.File("journal.db")).Length.ShouldBeGreaterThan(walMax, "most of 20 MB was moved into the file");
        most.ShouldBeLessThan(10 * walMax, "20 MB were written, and the WAL begins anew at 1 MB, or soon after on a busy machine");
    }

    [Fact]
    public async Task Full_segments_go_to_the_index_without_being_asked_for()
    {
        await using var journal = await SqliteJournal.OpenAsync(new() { Folder = folder.Path, SegmentEntries = 100 });
        for (var i = 0; i < 20; i++) await journal.CommitAsync(Entries(Anna, 60, i * 60));

        await EventuallyAsync(() => journal.Status.Unindexed <= 100, "Twelve full segments are not in the index after 30 s.");
        (await journal.ReadStreamAsync(Anna, 1, 2_000)).Count.ShouldBe(1_200);
    }

    [Fact]
    public async Task Few_entries_go_to_the_index_after_the_idle_time()
    {
        await using var journal = await SqliteJournal.OpenAsync(new() { Folder = folder.Path, IndexIdle = TimeSpan.FromMilliseconds(20) });
        await journal.CommitAsync(Entries(Anna, 5));

        await EventuallyAsync(() => journal.Status.Unindexed == 0, "Five entries are not in the index after 30 s of 20 ms idle time each.");
    }

    [Fact]
    public async Task The_tables_in_memory_stay_bounded()
    {
        await using var journal = await SqliteJournal.OpenAsync(new() { Folder = folder.Path, SegmentEntries = 50, HeadsCached = 40 });
        for (var i = 0; i < 20; i++)
        {
            await journal.CommitAsync([.. Enumerable.Range(0, 50).Select(s => Entry($"main/customer/{i * 50 + s}", 0, "c"))]);
            journal.Status.HeadsCached.ShouldBeLessThanOrEqualTo(40);
        }

        await journal.FlushIndexAsync();
        for (var s = 0; s < 1_000; s += 37) (await journal.AppendAsync([Entry($"main/customer/{s}", 0, "d")])).Committed.ShouldBeFalse();
        for (var s = 0; s < 1_000; s += 37) await journal.CommitAsync(Entry($"main/customer/{s}", 1, "d"));
    }

    [Fact]
    public async Task An_append_allocates_next_to_nothing()
    {
        const int streams = 500, size = 400, rounds = 30, budgetBytes = 16;
        await using var journal = await SqliteJournal.OpenAsync(new() { Folder = folder.Path });
        var names = Enumerable.Range(0, streams).Select(s => $"main/customer/{s}").ToArray();
        var versions = new long[streams];
        var batch = new EntryToAppend[size];
        var payload = new byte[400];

        // The tables of the tail double as they fill, so they are filled beyond the next doubling first.
        long serial = 0;
        for (var i = 0; i < 100; i++) await AppendAsync();
        var before = GC.GetAllocatedBytesForCurrentThread();
        long named = 0;
        for (var i = 0; i < rounds; i++) named += await AppendAsync();
        var perEntry = (double)(GC.GetAllocatedBytesForCurrentThread() - before - named) / (rounds * size);

        perEntry.ShouldBeLessThan(budgetBytes);

        async ValueTask<long> AppendAsync()
        {
            var start = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < size; i++)
            {
                var stream = (int)(serial++ % streams);
                batch[i] = new(names[stream], versions[stream]++, $"{serial}", true, serial, payload);
            }

            var naming = GC.GetAllocatedBytesForCurrentThread() - start;
            var appending = journal.AppendAsync(batch);
            if (!appending.IsCompletedSuccessfully) throw new InvalidOperationException("An append completes on the caller's thread.");
            if (!(await appending).Committed) throw new InvalidOperationException("The batch conflicts.");
            return naming;
        }
    }

    [Fact]
    public async Task Only_known_options_are_taken()
    {
        var sound = new SqliteJournalOptions { Folder = folder.Path };
        SqliteJournalOptions[] unsound =
        [
            sound with { Folder = "" }, sound with { Readers = 0 }, sound with { Readers = JournalLimits.ReadersMax + 1 }, sound with { IndexIdle = TimeSpan.Zero },
            sound with { IndexIdle = TimeSpan.FromDays(2) }, sound with { CheckpointBytes = 0 }, sound with { WalBytesMax = 0 }, sound with { MaxPageCount = -1 },
        ];
        foreach (var options in unsound) await Should.ThrowAsync<ArgumentException>(() => SqliteJournal.OpenAsync(options), options.ToString());
        Directory.GetFiles(folder.Path).ShouldBeEmpty();
    }

    /// <summary>There is no signal for what a background thread did, so the state is looked at, within a limit.</summary>
    private static async Task EventuallyAsync(Func<bool> condition, string otherwise)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            if (patience.IsCancellationRequested) throw new TimeoutException(otherwise);
            await Task.Delay(5);
        }
    }
}
