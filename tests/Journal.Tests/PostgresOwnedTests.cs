using System.Diagnostics;
using ChainCrm.Journal.Postgres;
using ChainCrm.TestKit.Postgres;
using Npgsql;
using Shouldly;
using Xunit;
using static ChainCrm.Journal.Tests.Given;
using static ChainCrm.Journal.Tests.Postgres;

namespace ChainCrm.Journal.Tests;

/// <summary>The process that has the schema for itself relies on what it wrote, and finds out when somebody else has written.</summary>
[NeedsPostgres]
public sealed class PostgresOwnedTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static async Task<PostgresJournalOptions> OwnedAsync() => await OptionsAsync() with { Alone = true };

    private static EntryToAppend Vouched(string stream, long expectedVersion, string command) => Entry(stream, expectedVersion, command, commandIsNew: true);

    [Fact]
    public async Task A_version_that_another_process_took_conflicts_although_the_owner_remembers_another_one()
    {
        var options = await OwnedAsync();
        await using var owner = await PostgresJournal.OpenAsync(options);
        await using var guest = await PostgresJournal.OpenAsync(options with { Alone = false });
        await owner.CommitAsync(Vouched(Anna, 0, "a"), Vouched(Bert, 0, "a"));
        await owner.CommitAsync(Vouched(Anna, 1, "b"));
        await guest.CommitAsync(Entry(Anna, 2, "c"));

        (await owner.AppendAsync([Vouched(Bert, 1, "b"), Vouched(Anna, 2, "d")])).ConflictedStreams.ShouldBe([Anna]);

        (await owner.AppendAsync([Vouched(Bert, 1, "b"), Vouched(Anna, 3, "d")])).FirstPosition.ShouldBe(5);
        (await owner.AllAsync()).Select(e => (e.Position, e.Stream, e.Version)).ShouldBe([(1, Anna, 1), (2, Bert, 1), (3, Anna, 2), (4, Anna, 3), (5, Bert, 2), (6, Anna, 4)]);
    }

    [Fact]
    public async Task Positions_go_on_behind_what_another_process_has_appended()
    {
        var options = await OwnedAsync();
        await using var owner = await PostgresJournal.OpenAsync(options);
        await using var guest = await PostgresJournal.OpenAsync(options with { Alone = false });
        for (var i = 0; i < 5; i++)
        {
            (await owner.AppendAsync([Vouched(Anna, i, $"c{i}")])).FirstPosition.ShouldBe(2 * i + 1);
            (await guest.AppendAsync([Entry(Bert, i, $"c{i}")])).FirstPosition.ShouldBe(2 * i + 2);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task A_version_that_is_not_the_next_one_conflicts_also_when_the_owner_has_just_begun(long expected)
    {
        var options = await OwnedAsync();
        await using (var before = await PostgresJournal.OpenAsync(options)) await before.CommitAsync(Entries(Anna, 1));
        await using var owner = await PostgresJournal.OpenAsync(options);

        (await owner.AppendAsync([Vouched(Bert, 0, "x"), Vouched(Anna, expected, "x")])).ConflictedStreams.ShouldBe([Anna]);

        owner.Head.ShouldBe(1);
        (await owner.AppendAsync([Vouched(Bert, 0, "x"), Vouched(Anna, 1, "x")])).FirstPosition.ShouldBe(2);
    }

    [Fact]
    public async Task A_new_stream_beside_known_ones_is_looked_up_wherever_it_stands_in_the_batch()
    {
        await using var owner = await PostgresJournal.OpenAsync(await OwnedAsync());
        await owner.CommitAsync(Vouched(Anna, 0, "a"), Vouched(Bert, 0, "a"));

        var result = await owner.AppendAsync([Vouched(Anna, 1, "b"), Vouched("new", 0, "a"), Vouched("new", 1, "b"), Vouched("other", 0, "a"), Vouched(Bert, 1, "b")]);

        result.FirstPosition.ShouldBe(3);
        (await owner.ReadStreamAsync("new", 1, 10)).Select(e => (e.Position, e.Version, e.TimeMs)).ShouldBe([(4, 1, 1_700_000_000_000), (5, 2, 1_700_000_000_001)]);
        (await owner.ReadStreamAsync(Bert, 2, 10)).ShouldHaveSingleItem().TimeMs.ShouldBe(1_700_000_000_001);
    }

    [Fact]
    public async Task Entries_of_one_time_keep_it_and_entries_of_several_keep_theirs()
    {
        await using var owner = await PostgresJournal.OpenAsync(await OwnedAsync());
        long[] times = [7, 7, 7, 9, 7];

        await owner.CommitAsync([.. times[..3].Select((time, i) => new EntryToAppend(Anna, i, $"c{i}", true, time, default))]);
        await owner.CommitAsync([.. times.Select((time, i) => new EntryToAppend(Bert, i, $"c{i}", true, time, default))]);

        (await owner.AllAsync()).Select(e => e.TimeMs).ShouldBe([.. times[..3], .. times]);
    }

    [Fact]
    public async Task The_owner_gives_notice_only_while_somebody_wants_to_hear_of_it()
    {
        var options = await OwnedAsync();
        await using var owner = await PostgresJournal.OpenAsync(options);
        await using var ear = await OpenAsync(options);
        List<string> heard = [];
        ear.Notification += (_, notice) => heard.Add(notice.Payload);
        await ExecuteAsync(ear, $"LISTEN {options.Schema}_head");

        await owner.CommitAsync(Vouched(Anna, 0, "a"));
        await ExecuteAsync(ear, $"NOTIFY {options.Schema}_head, 'mark'");
        await using var guest = await PostgresJournal.OpenAsync(options with { Alone = false, SafetyPoll = TimeSpan.FromHours(1) });
        var waiting = guest.WaitForMoreAsync(1);
        await owner.CommitAsync(Vouched(Anna, 1, "b"));

        await waiting.WaitAsync(Patience);
        await ExecuteAsync(ear, "SELECT 1");
        heard.ShouldBe(["mark", "2"]);
    }

    [Fact]
    public async Task The_owner_is_woken_by_what_others_append()
    {
        var options = await OwnedAsync();
        await using var owner = await PostgresJournal.OpenAsync(options with { SafetyPoll = TimeSpan.FromHours(1) });
        await using var guest = await PostgresJournal.OpenAsync(options with { Alone = false });
        var waiting = owner.WaitForMoreAsync(0);

        await guest.CommitAsync(Entries(Anna, 1));

        await waiting.WaitAsync(Patience);
        owner.Head.ShouldBe(1);
    }

    [Fact]
    public async Task A_seal_that_is_put_while_the_owner_works_refuses_its_appends()
    {
        var options = await OwnedAsync();
        await using var owner = await PostgresJournal.OpenAsync(options);
        await owner.CommitAsync(Vouched(Anna, 0, "a"));
        await using var seal = new PostgresSeal(options);
        await seal.PutAsync(SealReason.Moved, "gone", 1);

        (await Should.ThrowAsync<JournalUnavailableException>(() => owner.CommitAsync(Vouched(Anna, 1, "b")))).Message.ShouldContain("sealed");

        await seal.LiftAsync(SealReason.Moved, 1);
        await owner.CommitAsync(Vouched(Anna, 1, "b"));
    }

    [Fact]
    public async Task After_a_commit_whose_answer_was_lost_the_owner_relies_on_nothing_it_remembers()
    {
        var server = await TestPostgres.SharedAsync();
        await using var proxy = new CutProxy(server.Port);
        await using var owner = await PostgresJournal.OpenAsync(OptionsOf(server, proxy.Port, TestPostgres.NewSchema()) with { Alone = true });
        await owner.CommitAsync(Vouched(Anna, 0, "a"));
        proxy.CutsAnswers = true;

        await Should.ThrowAsync<JournalUnavailableException>(async () => await owner.AppendAsync([Vouched(Anna, 1, "b"), Vouched(Bert, 0, "b")]));

        proxy.CutsAnswers = false;
        (await owner.ReadStreamAsync(Anna, 1, 10)).Count.ShouldBe(2);
        await EventuallyAsync(() => owner.Head == 3, "The head does not tell of the batch whose answer was lost.");
        (await owner.AppendAsync([Vouched(Anna, 1, "c")])).ConflictedStreams.ShouldBe([Anna]);
        (await owner.AppendAsync([Vouched(Anna, 2, "c"), Vouched(Bert, 1, "c")])).FirstPosition.ShouldBe(4);
    }

    [Fact]
    public async Task The_owner_appends_again_at_once_when_it_has_noticed_that_its_server_came_back()
    {
        await using var server = await TestPostgres.StartAsync();
        await using var owner = await PostgresJournal.OpenAsync(OptionsOf(server) with { Alone = true });
        await owner.CommitAsync(Vouched(Anna, 0, "a"));

        await server.CrashAsync();
        await EventuallyAsync(() => !owner.Status.Listening, "The status does not say that nobody listens.");
        await server.StartAgainAsync();
        await EventuallyAsync(() => owner.Status.Listening, "The owner does not listen again.");

        (await owner.AppendAsync([Vouched(Anna, 1, "b")])).FirstPosition.ShouldBe(2);
    }

    /// <summary>What a server does that took over from one whose newest entries never came to it, once others have appended to it: the journal ends where the owner left it, with other entries.</summary>
    [Fact]
    public async Task After_its_connections_were_cut_the_owner_relies_on_nothing_it_remembers_wherever_the_journal_ends()
    {
        var options = await OwnedAsync();
        await using var owner = await PostgresJournal.OpenAsync(options);
        await owner.CommitAsync(Vouched(Anna, 0, "a"));
        await owner.CommitAsync(Vouched(Anna, 1, "b"));
        await using var server = await OpenAsync(options);
        var holders = $"""
            SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid::bigint = (hashtext('chaincrm owner')::bigint & 4294967295)
                AND objid::bigint = (hashtext('{options.Schema}')::bigint & 4294967295)
            """;
        var former = (await QueryAsync<int>(server, holders)).ShouldHaveSingleItem();
        await ExecuteAsync(server, $"""
            ALTER TABLE {options.Schema}.entries DISABLE TRIGGER entries_stay;
            UPDATE {options.Schema}.entries SET stream = '{Bert}', version = 1 WHERE position = 2;
            ALTER TABLE {options.Schema}.entries ENABLE TRIGGER entries_stay;
            SELECT pg_terminate_backend({former})
            """);
        using var patience = new CancellationTokenSource(Patience);
        while ((await QueryAsync<int>(server, holders)) is not [var holder] || holder == former)
        {
            if (patience.IsCancellationRequested) throw new TimeoutException("The owner does not take the schema again.");
        }

        (await owner.AppendAsync([Vouched(Anna, 2, "c")])).ConflictedStreams.ShouldBe([Anna]);

        (await owner.AppendAsync([Vouched(Anna, 1, "c")])).FirstPosition.ShouldBe(3);
    }

    [Fact]
    public async Task The_owner_waits_for_its_turn_within_bounds()
    {
        var options = await OwnedAsync() with { Statement = TimeSpan.FromMilliseconds(300) };
        await using var owner = await PostgresJournal.OpenAsync(options);
        await using var blocking = await OpenAsync(options);
        await using var transaction = await blocking.BeginTransactionAsync();
        await ExecuteAsync(blocking, $"SELECT pg_advisory_xact_lock({options.Schema}.append_lock())");
        var started = Stopwatch.GetTimestamp();

        (await Should.ThrowAsync<JournalUnavailableException>(() => owner.CommitAsync(Vouched(Anna, 0, "a")))).Message.ShouldContain("took too long");

        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(15));
        await transaction.RollbackAsync();
        await owner.CommitAsync(Vouched(Anna, 0, "a"));
    }

    [Fact]
    public async Task On_a_full_disk_the_owner_is_told_so_and_room_mends_it()
    {
        var options = await OwnedAsync();
        await using var owner = await PostgresJournal.OpenAsync(options);
        await owner.CommitAsync(Vouched(Anna, 0, "a"));
        await using var server = await OpenAsync(options);
        await ExecuteAsync(server, $"""
            CREATE FUNCTION {options.Schema}.full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no space left on device' USING ERRCODE = 'disk_full'; END $$;
            CREATE TRIGGER full_disk BEFORE INSERT ON {options.Schema}.entries FOR EACH ROW EXECUTE FUNCTION {options.Schema}.full()
            """);

        (await Should.ThrowAsync<JournalUnavailableException>(() => owner.CommitAsync(Vouched(Anna, 1, "b")))).DiskFull.ShouldBeTrue();

        await ExecuteAsync(server, $"DROP TRIGGER full_disk ON {options.Schema}.entries");
        await owner.CommitAsync(Vouched(Anna, 1, "b"));
        owner.Head.ShouldBe(2);
    }

    [Fact]
    public async Task The_applications_role_owns_with_the_rights_it_has()
    {
        var server = await TestPostgres.SharedAsync();
        var schema = TestPostgres.NewSchema();
        await server.MakeRoleAsync(schema);
        PostgresJournalOptions options = new() { ConnectionString = server.Connection(user: schema), MigrationConnectionString = server.Connection(), Schema = schema, Alone = true };
        await using var owner = await PostgresJournal.OpenAsync(options);

        await owner.CommitAsync(Vouched(Anna, 0, "a"));
        await owner.CommitAsync(Vouched(Anna, 1, "b"), Entry(Bert, 0, "b"));

        (await owner.FindCommandAsync(Anna, "b")).ShouldNotBeNull().Position.ShouldBe(2);
    }

    /// <summary>So few hold a chain's whole load that it must not be Npgsql's pool that gives out connections to it.</summary>
    [Fact]
    public async Task All_appends_of_the_owner_go_over_one_connection()
    {
        var options = await OwnedAsync();
        await using var owner = await PostgresJournal.OpenAsync(options);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => owner.CommitAsync(Vouched($"main/customer/{i}", 0, "c")))));

        await using var server = await OpenAsync(options);
        (await QueryAsync<long>(server, $"SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT {options.Schema}.append_owned(%'")).ShouldBe([1]);
        owner.Head.ShouldBe(20);
    }
}
