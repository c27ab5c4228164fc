using System.Text;
using ChainCrm.Journal.Moving;
using ChainCrm.Journal.Postgres;
using ChainCrm.Journal.Sqlite;
using ChainCrm.TestKit.Postgres;
using Shouldly;
using Xunit;
using static ChainCrm.Journal.Tests.Given;
using static ChainCrm.Journal.Tests.Postgres;

namespace ChainCrm.Journal.Tests;

/// <summary>A copy of a journal in another one: whole, to the byte, and to be gone on with wherever it ended.</summary>
public sealed class JournalCopyTests
{
    private const int Many = 3 * JournalLimits.CopyBatchEntries + 17;

    [Fact]
    [NeedsPostgres]
    public async Task From_SQLite_to_PostgreSQL_and_back_every_entry_stays_as_it_was()
    {
        using var folder = new TempFolder();
        using var other = new TempFolder();
        await using var sqlite = await SqliteJournal.OpenAsync(new() { Folder = folder.Path });
        await FillAsync(sqlite, Many);
        await sqlite.CommitAsync(
            new EntryToAppend("main/store/上海-😀", 0, "empty payload", false, -1, default), new EntryToAppend("main/store/上海-😀", 1, "令牌", false, long.MaxValue, new byte[] { 0, 255, 0 }),
            new EntryToAppend(new('s', JournalLimits.StreamLengthMax), 0, new('c', JournalLimits.CommandIdLengthMax), false, 0, new byte[JournalLimits.DataBytesMax]));
        await using var postgres = await PostgresJournal.OpenAsync(await OptionsAsync());
        await using var back = await SqliteJournal.OpenAsync(new() { Folder = other.Path });

        (await new JournalCopy(sqlite, postgres).RunAsync(_ => { }, CancellationToken.None)).ShouldBe(Many + 3);
        (await new JournalCopy(postgres, back).RunAsync(_ => { }, CancellationToken.None)).ShouldBe(Many + 3);

        var (before, after) = (await sqlite.AllAsync(), await back.AllAsync());
        after.Count.ShouldBe(before.Count);
        for (var i = 0; i < before.Count; i++)
        {
            (after[i] with { Data = default }).ShouldBe(before[i] with { Data = default });
            after[i].Data.Span.SequenceEqual(before[i].Data.Span).ShouldBeTrue($"payload of position {before[i].Position}");
        }

        foreach (var (one, two) in ((IJournal, IJournal)[])[(sqlite, postgres), (postgres, back)])
            (await new JournalComparison(one, two).RunAsync(_ => { }, CancellationToken.None)).Differences.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_copy_that_was_stopped_goes_on_where_it_ended()
    {
        await using var source = new MemoryJournal();
        await using var target = new MemoryJournal();
        await FillAsync(source, Many);
        using var stop = new CancellationTokenSource();

        await Should.ThrowAsync<OperationCanceledException>(() => new JournalCopy(source, target).RunAsync(_ => stop.Cancel(), stop.Token));
        target.Head.ShouldBe(JournalLimits.CopyBatchEntries);
        var again = new JournalCopy(source, target);
        (await again.CanContinueAsync(CancellationToken.None)).ShouldBeTrue();
        long told = 0;
        (await again.RunAsync(count => told += count, CancellationToken.None)).ShouldBe(Many - JournalLimits.CopyBatchEntries);

        told.ShouldBe(Many - JournalLimits.CopyBatchEntries);
        (await target.AllAsync()).Select(entry => entry.Position).ShouldBe(Enumerable.Range(1, Many).Select(i => (long)i));
        (await again.RunAsync(_ => { }, CancellationToken.None)).ShouldBe(0);
    }

    [Theory]
    [InlineData(1, 0, "a", "{}", true)]
    [InlineData(1, 0, "a", "{ }", false)]
    [InlineData(1, 0, "b", "{}", false)]
    [InlineData(2, 0, "a", "{}", false)]
    public async Task A_target_that_holds_anything_else_is_not_gone_on_with(int entries, int expected, string command, string data, bool same)
    {
        await using var source = new MemoryJournal();
        await using var target = new MemoryJournal();
        await source.CommitAsync(Entry(Anna, 0, "a"));
        await target.CommitAsync(Entry(Anna, expected, command, data));
        for (var i = 1; i < entries; i++) await target.CommitAsync(Entry(Bert, i - 1, $"more-{i}"));

        (await new JournalCopy(source, target).CanContinueAsync(CancellationToken.None)).ShouldBe(same);
    }

    [Fact]
    public async Task An_entry_that_somebody_else_writes_to_the_target_ends_the_copy()
    {
        await using var source = new MemoryJournal();
        await using var target = new MemoryJournal();
        await FillAsync(source, Many);
        var copied = 0L;

        var failure = await Should.ThrowAsync<JournalUnusableException>(() => new JournalCopy(source, target).RunAsync(count =>
        {
            if ((copied += count) == count) target.CommitAsync(Entry("main/stranger/1", 0, "x")).GetAwaiter().GetResult();
        }, CancellationToken.None));

        failure.Message.ShouldContain("Somebody else has written");
    }

    [Theory]
    [InlineData("gap", "position 5 is missing")]
    [InlineData("version", "damaged between the positions 1 and 9")]
    [InlineData("short", "ends at position 9, before 12")]
    public async Task A_source_with_damage_is_said_with_the_place(string damage, string said)
    {
        await using var sound = new MemoryJournal();
        await sound.CommitAsync(Entries(Anna, damage == "gap" ? 12 : 9));
        await using var source = new AlteredJournal(sound) { HeadIs = damage == "short" ? 12 : null };
        source.Alter = entry => damage == "gap" && entry.Position == 5 ? null : damage == "version" && entry.Position == 7 ? entry with { Version = 8 } : entry;
        await using var target = new MemoryJournal();

        (await Should.ThrowAsync<JournalUnusableException>(() => new JournalCopy(source, target).RunAsync(_ => { }, CancellationToken.None))).Message.ShouldContain(said);
    }

    [Fact]
    [NeedsPostgres]
    public async Task Connections_that_break_cost_time_and_nothing_else()
    {
        await using var source = new MemoryJournal();
        await FillAsync(source, Many);
        var server = await TestPostgres.SharedAsync();
        await using var proxy = new CutProxy(server.Port);
        await using var target = await PostgresJournal.OpenAsync(OptionsOf(server, proxy.Port, TestPostgres.NewSchema()));
        List<string> notices = [];
        var batches = 0;

        // The answer to the second batch gets lost, whose outcome is unknown then; before the third everything is cut.
        var copying = new JournalCopy(source, target, notice =>
        {
            notices.Add(notice);
            proxy.CutsAnswers = false;
        }).RunAsync(_ =>
        {
            if (++batches == 1) proxy.CutsAnswers = true;
            if (batches == 2) proxy.CutAll();
        }, CancellationToken.None);

        (await copying.WaitAsync(TimeSpan.FromSeconds(60))).ShouldBe(Many);
        notices.ShouldNotBeEmpty();
        (await new JournalComparison(source, target).RunAsync(_ => { }, CancellationToken.None)).Differences.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_full_disk_ends_the_copy_at_once_and_the_same_copy_goes_on_later()
    {
        await using var source = new MemoryJournal();
        await FillAsync(source, Many);
        using var folder = new TempFolder();
        await using (var small = await SqliteJournal.OpenAsync(new() { Folder = folder.Path, MaxPageCount = 60 }))
        {
            (await Should.ThrowAsync<JournalUnavailableException>(() => new JournalCopy(source, small).RunAsync(_ => { }, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20))))
                .DiskFull.ShouldBeTrue();
        }

        await using var target = await SqliteJournal.OpenAsync(new() { Folder = folder.Path });
        var copy = new JournalCopy(source, target);
        (await copy.CanContinueAsync(CancellationToken.None)).ShouldBeTrue();
        await copy.RunAsync(_ => { }, CancellationToken.None);
        (await new JournalComparison(source, target).RunAsync(_ => { }, CancellationToken.None)).Differences.ShouldBeEmpty();
    }

    [Fact]
    public async Task Patience_with_a_journal_that_does_not_answer_ends()
    {
        await using var sound = new MemoryJournal();
        await FillAsync(sound, 10);
        await using var source = new AlteredJournal(sound) { Alter = _ => throw new JournalUnavailableException("not now") };
        await using var target = new MemoryJournal();

        (await Should.ThrowAsync<JournalUnavailableException>(() => new JournalCopy(source, target, null, TimeSpan.Zero).RunAsync(_ => { }, CancellationToken.None))).Message.ShouldBe("not now");
    }

    /// <summary>So many entries over a few streams, with times and payloads that follow no rule.</summary>
    internal static async Task FillAsync(IJournal journal, int count)
    {
        var random = new Random(17);
        var versions = new long[97];
        for (var at = 0; at < count;)
        {
            var batch = new EntryToAppend[Math.Min(1_000, count - at)];
            for (var i = 0; i < batch.Length; i++, at++)
            {
                var stream = random.Next(versions.Length);
                batch[i] = new($"main/customer/c-{stream}", versions[stream]++, $"command-{at}", true, random.NextInt64(), Encoding.UTF8.GetBytes(new string((char)('a' + at % 26), random.Next(60))));
            }

            await journal.CommitAsync(batch);
        }
    }
}
