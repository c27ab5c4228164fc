using System.Diagnostics;
using System.Globalization;
using ChainCrm.Journal.Postgres;
using ChainCrm.TestKit.Postgres;
using Shouldly;
using Xunit;
using Xunit.Abstractions;
using static ChainCrm.Journal.Tests.Given;
using static ChainCrm.Journal.Tests.Postgres;

namespace ChainCrm.Journal.Tests;

/// <summary>Whoever follows the journal sees every entry once and in order, whichever process wrote it and whenever its transaction committed.</summary>
[NeedsPostgres]
public sealed class PostgresFeedTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Notices alone: the head is not looked at for an hour.</summary>
    private static async Task<PostgresJournalOptions> NoticesAloneAsync() => await OptionsAsync() with { SafetyPoll = TimeSpan.FromHours(1) };

    [Fact]
    public async Task Where_numbers_are_drawn_at_the_insert_a_tail_skips_what_commits_late_and_here_it_does_not()
    {
        var options = await NoticesAloneAsync();
        await using var journal = await PostgresJournal.OpenAsync(options);
        await using var slow = await OpenAsync(options);
        await using var quick = await OpenAsync(options);
        await ExecuteAsync(quick, $"CREATE TABLE {options.Schema}.naive (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, what text)");

        // A transaction that has written both, and does not commit yet.
        await using var late = await slow.BeginTransactionAsync();
        await ExecuteAsync(slow, $"INSERT INTO {options.Schema}.naive (what) VALUES ('slow')");
        await ExecuteAsync(slow, $"""
            SELECT {options.Schema}.append(ARRAY['{Anna}'], ARRAY[1]::bigint[], ARRAY[true], ARRAY['slow'], ARRAY[false], ARRAY[0]::bigint[], ARRAY['']::bytea[], false)
            """);
        await ExecuteAsync(quick, $"INSERT INTO {options.Schema}.naive (what) VALUES ('quick')");
        var appending = journal.AppendAsync([Entry(Bert, 0, "quick")]).AsTask();
        await WaitersAsync(options, 1);

        var naive = await QueryAsync<long>(quick, $"SELECT id FROM {options.Schema}.naive WHERE id > 0 ORDER BY id");
        var seen = await journal.ReadAfterAsync(0, 10);
        await late.CommitAsync();
        (await appending.WaitAsync(Patience)).FirstPosition.ShouldBe(2);
        naive.AddRange(await QueryAsync<long>(quick, $"SELECT id FROM {options.Schema}.naive WHERE id > {naive[^1]} ORDER BY id"));

        naive.ShouldBe([2], "the naive tail goes on after 2 and never sees 1");
        seen.ShouldBeEmpty("nobody overtakes an append that has not committed");
        (await journal.AllAsync()).Select(e => (e.Position, e.CommandId)).ShouldBe([(1, "slow"), (2, "quick")]);
    }

    [Fact]
    public async Task An_append_that_is_taken_back_leaves_no_gap()
    {
        var options = await OptionsAsync();
        await using var journal = await PostgresJournal.OpenAsync(options);
        await using var other = await OpenAsync(options);
        await using var transaction = await other.BeginTransactionAsync();
        await ExecuteAsync(other, $"""
            SELECT {options.Schema}.append(ARRAY['{Anna}'], ARRAY[1]::bigint[], ARRAY[true], ARRAY['x'], ARRAY[false], ARRAY[0]::bigint[], ARRAY['']::bytea[], false)
            """);
        var appending = journal.AppendAsync([Entry(Anna, 0, "y")]).AsTask();
        await WaitersAsync(options, 1);

        await transaction.RollbackAsync();

        (await appending.WaitAsync(Patience)).FirstPosition.ShouldBe(1);
    }

    [Fact]
    public async Task An_append_that_waited_for_another_one_is_compared_with_what_that_one_left()
    {
        var options = await OptionsAsync();
        await using var journal = await PostgresJournal.OpenAsync(options);
        await using var other = await OpenAsync(options);
        await using var transaction = await other.BeginTransactionAsync();
        await ExecuteAsync(other, $"""
            SELECT {options.Schema}.append(ARRAY['{Anna}'], ARRAY[1]::bigint[], ARRAY[true], ARRAY['x'], ARRAY[false], ARRAY[0]::bigint[], ARRAY['']::bytea[], false)
            """);
        var appending = journal.AppendAsync([Entry(Bert, 0, "y"), Entry(Anna, 0, "y")]).AsTask();
        await WaitersAsync(options, 1);

        await transaction.CommitAsync();

        (await appending.WaitAsync(Patience)).ConflictedStreams.ShouldBe([Anna]);
        (await journal.AppendAsync([Entry(Bert, 0, "y"), Entry(Anna, 1, "x")])).ConflictedStreams.ShouldBe([Anna]);
        (await journal.AppendAsync([Entry(Bert, 0, "y"), Entry(Anna, 1, "y")])).FirstPosition.ShouldBe(2);
    }

    [Fact]
    public async Task Appending_under_another_isolation_is_refused_because_it_would_compare_with_the_past()
    {
        var options = await OptionsAsync();
        await using var journal = await PostgresJournal.OpenAsync(options);
        await using var other = await OpenAsync(options);
        await using var transaction = await other.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);

        (await Should.ThrowAsync<Npgsql.PostgresException>(() => ExecuteAsync(other, $"""
            SELECT {options.Schema}.append(ARRAY['{Anna}'], ARRAY[1]::bigint[], ARRAY[true], ARRAY['x'], ARRAY[false], ARRAY[0]::bigint[], ARRAY['']::bytea[], false)
            """))).MessageText.ShouldContain("read committed");
    }

    [Fact]
    public async Task A_notice_wakes_who_waits_for_entries_of_another_process()
    {
        var options = await NoticesAloneAsync();
        await using var writer = await PostgresJournal.OpenAsync(options);
        await using var reader = await PostgresJournal.OpenAsync(options);
        await EventuallyAsync(() => reader.Status.Listening, "The reader does not listen after 30 s.");
        var waiting = reader.WaitForMoreAsync(0);
        waiting.IsCompleted.ShouldBeFalse();

        await writer.CommitAsync(Entries(Anna, 3));

        await waiting.WaitAsync(Patience);
        reader.Head.ShouldBe(3);
        await reader.WaitForMoreAsync(2).WaitAsync(Patience);
        using var impatient = new CancellationTokenSource();
        var tooLong = reader.WaitForMoreAsync(3, impatient.Token);
        await impatient.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => tooLong);
    }

    [Fact]
    public async Task A_notice_that_somebody_else_gave_does_not_make_the_head()
    {
        var options = await NoticesAloneAsync();
        await using var writer = await PostgresJournal.OpenAsync(options);
        await using var reader = await PostgresJournal.OpenAsync(options);
        await using var stranger = await OpenAsync(options);

        await ExecuteAsync(stranger, $"NOTIFY {options.Schema}_head, '999'; NOTIFY {options.Schema}_head, 'nonsense'");
        await writer.CommitAsync(Entries(Anna, 1));

        await reader.WaitForMoreAsync(0).WaitAsync(Patience);
        reader.Head.ShouldBe(1);
        await writer.CommitAsync(Entries(Anna, 2, 1));
        await reader.WaitForMoreAsync(2).WaitAsync(Patience);
        (reader.Head, writer.Head).ShouldBe((3, 3));
    }

    [Fact]
    public async Task A_notice_that_got_lost_is_made_good_by_looking()
    {
        var options = await OptionsAsync() with { SafetyPoll = TimeSpan.FromMilliseconds(50) };
        await using var reader = await PostgresJournal.OpenAsync(options);
        await EventuallyAsync(() => reader.Status.Listening, "The reader does not listen after 30 s.");
        await using var server = await OpenAsync(options);

        await ExecuteAsync(server, $"INSERT INTO {options.Schema}.entries VALUES (1, '{Anna}', 1, 'silent', 0, '')");

        await reader.WaitForMoreAsync(0).WaitAsync(Patience);
    }

    [Fact]
    public async Task Who_waits_when_the_journal_is_closed_is_told()
    {
        var journal = await PostgresJournal.OpenAsync(await OptionsAsync());
        var waiting = journal.WaitForMoreAsync(0);

        await journal.DisposeAsync();

        await Should.ThrowAsync<ObjectDisposedException>(() => waiting.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_tail_over_several_processes_sees_every_entry_once_also_when_one_is_killed()
    {
        const int processes = 3, batches = 120;
        var options = await OptionsAsync();
        await using var journal = await PostgresJournal.OpenAsync(options);
        await using var server = await OpenAsync(options);
        await ExecuteAsync(server, $"CREATE TABLE {options.Schema}.naive (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY)");
        // One number is drawn before all others and committed after some of them: what happens by chance among the processes happens for sure with this one.
        await using var slow = await OpenAsync(options);
        await using var drawn = await slow.BeginTransactionAsync();
        await ExecuteAsync(slow, $"INSERT INTO {options.Schema}.naive DEFAULT VALUES");
        var appenders = Enumerable.Range(1, processes).Select(number => Start(options, number, batches)).ToArray();
        // Ended or not, each can be killed, so nobody lets go of one before the end.
        using var letGo = new Disposing(appenders);
        var ending = Task.WhenAll(appenders.Select(appender => AcknowledgedAsync(appender)));

        List<JournalEntry> seen = [];
        List<long> naive = [];
        var (killed, committed) = (false, false);
        using var over = new CancellationTokenSource();
        _ = ending.ContinueWith(_ => over.CancelAsync(), TaskScheduler.Default);
        while (true)
        {
            var ended = over.IsCancellationRequested;
            if (!ended) await Task.WhenAny(journal.WaitForMoreAsync(seen.Count, over.Token).WaitAsync(Patience));
            var page = await journal.ReadAfterAsync(seen.Count, 1_000);
            if (ended && page.Count == 0) break;
            seen.AddRange(page);
            naive.AddRange(await QueryAsync<long>(server, $"SELECT id FROM {options.Schema}.naive WHERE id > {(naive.Count == 0 ? 0 : naive[^1])} ORDER BY id"));
            if (!committed && naive.Count > 0)
            {
                await drawn.CommitAsync();
                committed = true;
            }

            if (killed || seen.Count < 100) continue;
            killed = true;
            appenders[0].Kill();
        }

        var acknowledged = (await ending.WaitAsync(Patience)).SelectMany(lines => lines).ToList();
        // What the last look was too early for. One row was drawn before all others and committed when the tail was past it: that one is skipped for sure.
        naive.AddRange(await QueryAsync<long>(server, $"SELECT id FROM {options.Schema}.naive WHERE id > {naive[^1]} ORDER BY id"));
        var rows = (await QueryAsync<long>(server, $"SELECT count(*) FROM {options.Schema}.naive"))[0];
        output.WriteLine($"{seen.Count} entries of {processes} processes, {acknowledged.Count} acknowledged batches; a naive tail saw {naive.Count} of {rows} rows");
        killed.ShouldBeTrue();
        seen.Select(e => e.Position).ShouldBe(Enumerable.Range(1, seen.Count).Select(i => (long)i));
        foreach (var stream in seen.GroupBy(e => e.Stream)) stream.Select(e => e.Version).ShouldBe(Enumerable.Range(1, stream.Count()).Select(i => (long)i));
        foreach (var (first, count, who) in acknowledged)
            seen.Skip((int)first - 1).Take(count).ShouldAllBe(e => e.CommandId.StartsWith(who, StringComparison.Ordinal));
        seen.Select(e => (e.Stream, e.CommandId)).Distinct().Count().ShouldBe(seen.Count);
        acknowledged.Count.ShouldBeGreaterThanOrEqualTo((processes - 1) * batches);
        committed.ShouldBeTrue();
        naive.ShouldNotContain(1, "the row drawn first was committed when the tail was past it");
        ((long)naive.Count).ShouldBeLessThan(rows, "numbers of a naive table are committed out of order, and a naive tail skips");
    }

    private static Process Start(PostgresJournalOptions options, int number, int batches)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            ArgumentList =
            {
                "exec", Path.Combine(AppContext.BaseDirectory, "ChainCrm.Journal.Crasher.dll"), "postgres", options.Schema,
                number.ToString(CultureInfo.InvariantCulture), batches.ToString(CultureInfo.InvariantCulture),
            },
            RedirectStandardOutput = true,
        };
        start.Environment["CHAINCRM_TEST_POSTGRES"] = options.ConnectionString;
        return Process.Start(start) ?? throw new InvalidOperationException("The child did not start.");
    }

    /// <summary>What the process says was acknowledged to it, until it ends: first position, entries, and how its commands begin.</summary>
    private static async Task<List<(long First, int Count, string Who)>> AcknowledgedAsync(Process appender)
    {
        List<(long, int, string)> acknowledged = [];
        // A line that a kill cut short was not said.
        while (await appender.StandardOutput.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            if (line.Split(' ') is ["ack", var first, var count, var who, "."])
                acknowledged.Add((long.Parse(first, CultureInfo.InvariantCulture), int.Parse(count, CultureInfo.InvariantCulture), who));
        }

        await appender.WaitForExitAsync().WaitAsync(Patience);
        return acknowledged;
    }

    private sealed class Disposing(Process[] processes) : IDisposable
    {
        public void Dispose()
        {
            foreach (var process in processes) process.Dispose();
        }
    }
}
