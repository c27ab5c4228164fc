using System.Diagnostics;
using ChainCrm.Journal.Postgres;
using ChainCrm.TestKit.Postgres;
using Npgsql;
using Shouldly;
using Xunit;
using static ChainCrm.Journal.Tests.Given;
using static ChainCrm.Journal.Tests.Postgres;

namespace ChainCrm.Journal.Tests;

/// <summary>A server that is gone, slow or full, and connections that are cut, while the journal runs.</summary>
[NeedsPostgres]
public sealed class PostgresFaultsTests
{
    [Fact]
    public async Task After_a_commit_whose_answer_was_lost_the_journal_knows_what_was_committed()
    {
        var server = await TestPostgres.SharedAsync();
        var schema = TestPostgres.NewSchema();
        await using var proxy = new CutProxy(server.Port);
        // Written before the journal listens: a notice on its way when answers begin to be cut would take the connection of the append with it.
        await using (var other = await PostgresJournal.OpenAsync(OptionsOf(server, schema: schema))) await other.CommitAsync(Entries(Anna, 3));
        await using var journal = await PostgresJournal.OpenAsync(OptionsOf(server, proxy.Port, schema));
        (await journal.ReadStreamAsync(Anna, 1, 10)).Count.ShouldBe(3, "and the connection that answered is there for the append");
        proxy.CutsAnswers = true;

        await Should.ThrowAsync<JournalUnavailableException>(async () => await journal.AppendAsync([.. Entries(Anna, 2, 3), Entry(Bert, 0, "b")]));

        proxy.CutsAnswers = false;
        (await journal.ReadStreamAsync(Anna, 1, 10)).Count.ShouldBe(5);
        (await journal.FindCommandAsync(Bert, "b")).ShouldNotBeNull();
        await EventuallyAsync(() => journal.Head == 6, "The head does not tell of the batch whose answer was lost.");
        (await journal.AppendAsync([Entry(Bert, 1, "b")])).ConflictedStreams.ShouldBe([Bert]);
        (await journal.AppendAsync(Entries(Anna, 1, 3))).ConflictedStreams.ShouldBe([Anna]);
        await journal.CommitAsync(Entries(Anna, 1, 5));
    }

    [Fact]
    public async Task An_append_that_never_reached_the_server_left_nothing_behind()
    {
        var server = await TestPostgres.SharedAsync();
        await using var proxy = new CutProxy(server.Port);
        await using var journal = await PostgresJournal.OpenAsync(OptionsOf(server, proxy.Port, TestPostgres.NewSchema()));
        await journal.CommitAsync(Entries(Anna, 3));
        proxy.Refuses = true;
        proxy.CutAll();

        var refusal = await Should.ThrowAsync<JournalUnavailableException>(async () => await journal.AppendAsync(Entries(Anna, 2, 3)));

        refusal.DiskFull.ShouldBeFalse();
        proxy.Refuses = false;
        await journal.CommitAsync(Entries(Anna, 2, 3));
        journal.Head.ShouldBe(5);
    }

    [Fact]
    public async Task Reads_do_not_notice_that_idle_connections_were_cut()
    {
        var server = await TestPostgres.SharedAsync();
        await using var proxy = new CutProxy(server.Port);
        await using var journal = await PostgresJournal.OpenAsync(OptionsOf(server, proxy.Port, TestPostgres.NewSchema()));
        await journal.CommitAsync(Entries(Anna, 3));
        for (var i = 0; i < 5; i++)
        {
            proxy.CutAll();
            (await journal.ReadStreamAsync(Anna, 1, 10)).Count.ShouldBe(3);
        }
    }

    /// <summary>What the driver does to a token when its connection breaks in the same moment: too rare to wait for, so it is done here by hand.</summary>
    [Fact]
    public async Task Ending_a_token_never_throws_what_the_driver_throws_out_of_its_callback()
    {
        using var caller = new CancellationTokenSource();
        using var driver = new DriverCancellation(caller.Token);
        var asked = false;
        driver.Token.Register(() => asked = true);
        driver.Token.Register(() => throw new ObjectDisposedException("System.Threading.ManualResetEventSlim"));

        await caller.CancelAsync();

        asked.ShouldBeTrue();
        driver.Token.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public async Task A_server_that_crashes_and_comes_back_keeps_what_was_acknowledged_and_is_found_again()
    {
        await using var server = await TestPostgres.StartAsync();
        await using var journal = await PostgresJournal.OpenAsync(OptionsOf(server));
        await using var other = await PostgresJournal.OpenAsync(OptionsOf(server) with { SafetyPoll = TimeSpan.FromHours(1) });
        await journal.CommitAsync(Entries(Anna, 3));

        await server.CrashAsync();
        (await Should.ThrowAsync<JournalUnavailableException>(async () => await journal.AppendAsync(Entries(Anna, 1, 3)))).Message.ShouldContain("127.0.0.1");
        await Should.ThrowAsync<JournalUnavailableException>(async () => await journal.ReadStreamAsync(Anna, 1, 10));
        await EventuallyAsync(() => journal.Status is { Listening: false, ListenFault: not null }, "The status does not say that nobody listens.");
        await server.StartAgainAsync();

        (await journal.ReadStreamAsync(Anna, 1, 10)).Count.ShouldBe(3);
        await journal.CommitAsync(Entries(Anna, 1, 3));
        await EventuallyAsync(() => other.Status is { Listening: true, ListenFault: null }, "The other journal does not listen again.");
        await journal.CommitAsync(Entries(Anna, 1, 4));
        await other.WaitForMoreAsync(4).WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_named_at_the_start_and_the_password_is_not()
    {
        var options = new PostgresJournalOptions { ConnectionString = "Host=127.0.0.1;Port=1;Database=chain;Username=app;Password=top-secret" };

        var refusal = await Should.ThrowAsync<JournalUnavailableException>(() => PostgresJournal.OpenAsync(options));

        refusal.Message.ShouldContain("127.0.0.1:1/chain");
        refusal.Message.ShouldContain("can't be reached");
        refusal.ToString().ShouldNotContain("top-secret");
    }

    [Fact]
    public async Task An_append_waits_for_its_turn_within_bounds()
    {
        var options = await OptionsAsync() with { Statement = TimeSpan.FromMilliseconds(300) };
        await using var journal = await PostgresJournal.OpenAsync(options);
        await using var blocking = await OpenAsync(options);
        await using var transaction = await blocking.BeginTransactionAsync();
        await ExecuteAsync(blocking, $"SELECT pg_advisory_xact_lock({options.Schema}.append_lock())");
        var started = Stopwatch.GetTimestamp();

        var refusal = await Should.ThrowAsync<JournalUnavailableException>(async () => await journal.AppendAsync(Entries(Anna, 1)));

        refusal.Message.ShouldContain("took too long");
        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(15));
        (await journal.ReadStreamAsync(Anna, 1, 10)).ShouldBeEmpty("who appends does not hinder who reads");
        await transaction.RollbackAsync();
        await journal.CommitAsync(Entries(Anna, 1));
    }

    [Fact]
    public async Task An_append_under_way_when_the_journal_is_closed_is_acknowledged_and_who_waits_for_it_is_woken()
    {
        var options = await OptionsAsync();
        var journal = await PostgresJournal.OpenAsync(options);
        await using var blocking = await OpenAsync(options);
        await using var transaction = await blocking.BeginTransactionAsync();
        await ExecuteAsync(blocking, $"SELECT pg_advisory_xact_lock({options.Schema}.append_lock())");
        var waiting = journal.WaitForMoreAsync(0);
        var appending = journal.AppendAsync(Entries(Anna, 1)).AsTask();
        await WaitersAsync(options, 1);

        var closing = journal.DisposeAsync().AsTask();
        await transaction.RollbackAsync();

        (await appending.WaitAsync(TimeSpan.FromSeconds(15))).FirstPosition.ShouldBe(1);
        await waiting.WaitAsync(TimeSpan.FromSeconds(15));
        await closing.WaitAsync(TimeSpan.FromSeconds(15));
        await Should.ThrowAsync<ObjectDisposedException>(async () => await journal.AppendAsync(Entries(Anna, 1, 1)));
    }

    [Fact]
    public async Task A_read_under_way_is_cancelled()
    {
        var options = await OptionsAsync();
        await using var journal = await PostgresJournal.OpenAsync(options);
        await using var blocking = await OpenAsync(options);
        await using var transaction = await blocking.BeginTransactionAsync();
        await ExecuteAsync(blocking, $"LOCK TABLE {options.Schema}.entries IN ACCESS EXCLUSIVE MODE");
        using var cancelled = new CancellationTokenSource();
        var reading = journal.ReadStreamAsync(Anna, 1, 10, cancelled.Token).AsTask();
        await Task.WhenAny(reading, WaitersAsync(options, 1));

        await cancelled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => reading.WaitAsync(TimeSpan.FromSeconds(15)));
        await transaction.RollbackAsync();
        (await journal.ReadStreamAsync(Anna, 1, 10)).ShouldBeEmpty();
    }

    [Fact]
    public async Task On_a_full_disk_writes_are_refused_reads_go_on_and_room_mends_it()
    {
        var options = await OptionsAsync();
        await using var journal = await PostgresJournal.OpenAsync(options);
        await journal.CommitAsync(Entries(Anna, 3));
        await using var server = await OpenAsync(options);
        await ExecuteAsync(server, $"""
            CREATE FUNCTION {options.Schema}.full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no space left on device' USING ERRCODE = 'disk_full'; END $$;
            CREATE TRIGGER full_disk BEFORE INSERT ON {options.Schema}.entries FOR EACH ROW EXECUTE FUNCTION {options.Schema}.full()
            """);

        var refusal = await Should.ThrowAsync<JournalUnavailableException>(async () => await journal.AppendAsync(Entries(Anna, 1, 3)));

        refusal.DiskFull.ShouldBeTrue();
        refusal.Message.ShouldContain("disk");
        (await journal.ReadStreamAsync(Anna, 1, 10)).Count.ShouldBe(3);
        await ExecuteAsync(server, $"DROP TRIGGER full_disk ON {options.Schema}.entries");
        await journal.CommitAsync(Entries(Anna, 1, 3));
        journal.Head.ShouldBe(4);
    }

    [Fact]
    public async Task A_caller_whose_proof_was_wrong_is_told_of_the_conflict()
    {
        await using var journal = await PostgresJournal.OpenAsync(await OptionsAsync());
        await journal.CommitAsync(Entry(Anna, 0, "pay"));

        var result = await journal.AppendAsync([Entry(Bert, 0, "other", commandIsNew: true), Entry(Anna, 1, "pay", commandIsNew: true)]);

        result.ConflictedStreams.ShouldBe([Anna]);
        (await journal.AllAsync()).Count.ShouldBe(1);
        await journal.CommitAsync(Entry(Bert, 0, "other", commandIsNew: true));
        journal.Head.ShouldBe(2, "a batch that was turned back takes no position");
    }

    [Fact]
    public async Task However_many_ask_at_once_the_connections_stay_bounded()
    {
        var server = await TestPostgres.SharedAsync();
        await using var proxy = new CutProxy(server.Port);
        var options = OptionsOf(server, proxy.Port, TestPostgres.NewSchema()) with { Readers = 3 };
        await using var journal = await PostgresJournal.OpenAsync(options);
        var most = 0;
        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Task.Run(async () =>
        {
            await journal.CommitAsync(Entry($"main/customer/{i}", 0, "c"));
            (await journal.ReadStreamAsync($"main/customer/{i}", 1, 10)).Count.ShouldBe(1);
            InterlockedMax(ref most, proxy.Open);
        })));

        // Readers, appenders, one for the head, one that listens, and the first one of the start that may not be closed yet.
        most.ShouldBeLessThanOrEqualTo(options.Readers + PostgresLimits.AppendersMax + 3);
        journal.Head.ShouldBe(60);
    }

    [Fact]
    public async Task Of_two_servers_that_want_the_schema_for_themselves_the_second_is_refused_until_the_first_is_gone()
    {
        var options = await OptionsAsync() with { Alone = true };
        var first = await PostgresJournal.OpenAsync(options);
        await using var guest = await PostgresJournal.OpenAsync(options with { Alone = false });

        (await Should.ThrowAsync<JournalUnusableException>(() => PostgresJournal.OpenAsync(options))).Message.ShouldContain("another process");
        await first.CommitAsync(Entries(Anna, 1));
        await first.DisposeAsync();

        await using var second = await PostgresJournal.OpenAsync(options);
        await second.CommitAsync(Entries(Anna, 1, 1));
    }

    [Fact]
    public async Task A_server_whose_schema_was_taken_while_it_was_cut_off_appends_no_more_until_it_has_it_again()
    {
        var server = await TestPostgres.SharedAsync();
        var schema = TestPostgres.NewSchema();
        await using var proxy = new CutProxy(server.Port);
        await using var first = await PostgresJournal.OpenAsync(OptionsOf(server, proxy.Port, schema) with { Alone = true });
        await first.CommitAsync(Entries(Anna, 1));
        proxy.Refuses = true;
        proxy.CutAll();
        var second = await PostgresJournal.OpenAsync(OptionsOf(server, schema: schema) with { Alone = true });
        proxy.Refuses = false;
        await EventuallyAsync(() => first.Status.ListenFault?.Contains("taken", StringComparison.Ordinal) == true, "The first server does not find out that the schema was taken.");

        (await Should.ThrowAsync<JournalUnavailableException>(async () => await first.AppendAsync(Entries(Anna, 1, 1)))).Message.ShouldContain("another process");
        var refused = proxy.Refused;
        proxy.Refuses = true;
        proxy.CutAll();
        await EventuallyAsync(() => proxy.Refused >= refused + 2, "The first server does not try to reach the database again.");
        (await Should.ThrowAsync<JournalUnavailableException>(async () => await first.AppendAsync(Entries(Anna, 1, 1)))).Message
            .ShouldContain("another process", customMessage: "another fault in between does not give the schema back");
        proxy.Refuses = false;
        await second.CommitAsync(Entries(Anna, 1, 1));
        await second.DisposeAsync();

        await EventuallyAsync(() => first.Status.Listening, "The first server does not take the schema again.");
        first.Head.ShouldBe(2);
        await first.CommitAsync(Entries(Anna, 1, 2));
    }

    [Fact]
    public async Task A_snapshot_that_can_not_be_read_is_none_and_one_that_can_not_be_kept_is_said_so()
    {
        var server = await TestPostgres.SharedAsync();
        await using var proxy = new CutProxy(server.Port);
        await using var store = await PostgresSnapshotStore.OpenAsync(OptionsOf(server, proxy.Port, TestPostgres.NewSchema()));
        await store.SaveAsync([(Anna, new(7, new byte[] { 1 }))]);
        proxy.Refuses = true;
        proxy.CutAll();

        (await store.LoadAsync(Anna)).ShouldBeNull();
        store.Fault.ShouldNotBeNull();
        await Should.ThrowAsync<JournalUnavailableException>(async () => await store.SaveAsync([(Anna, new(8, new byte[] { 1 }))]));

        proxy.Refuses = false;
        (await store.LoadAsync(Anna)).ShouldNotBeNull().Version.ShouldBe(7);
        store.Fault.ShouldBeNull();
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
        {
            if (Interlocked.CompareExchange(ref most, value, seen) == seen) return;
        }
    }
}
