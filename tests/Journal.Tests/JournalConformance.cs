using System.Text;
using Shouldly;
using Xunit;
using static ChainCrm.Journal.Tests.Given;

namespace ChainCrm.Journal.Tests;

/// <summary>
/// What every journal does, whatever it is made of. A subclass says how to open one and what lies between the entries a test begins with and the question
/// it asks (<see cref="Settle"/>): nothing, an index run, or a restart. Reading is in the other half.
/// </summary>
public abstract partial class JournalConformance : IAsyncLifetime
{
    protected IJournal Journal { get; set; } = null!;

    protected abstract Task<IJournal> OpenAsync();

    /// <summary>Moves what was appended to where it ends up some time later.</summary>
    protected virtual Task Settle() => Task.CompletedTask;

    public virtual async Task InitializeAsync() => Journal = await OpenAsync();

    public virtual async Task DisposeAsync() => await Journal.DisposeAsync();

    [Fact]
    public async Task A_new_journal_is_empty()
    {
        Journal.Head.ShouldBe(0);
        (await Journal.ReadAfterAsync(0, 10)).ShouldBeEmpty();
        (await Journal.ReadStreamAsync(Anna, 1, 10)).ShouldBeEmpty();
        (await Journal.ReadStreamBackwardAsync(Anna, long.MaxValue, 10)).ShouldBeEmpty();
        (await Journal.FindCommandAsync(Anna, "x")).ShouldBeNull();
    }

    [Fact]
    public async Task An_entry_is_read_back_as_it_was_written()
    {
        var result = await Journal.AppendAsync([new(Anna, 0, "store-7/receipt-1", false, 1_700_000_000_123, new byte[] { 0, 1, 255, 0 })]);

        result.Committed.ShouldBeTrue();
        result.FirstPosition.ShouldBe(1);
        Journal.Head.ShouldBe(1);
        await Settle();
        var entry = (await Journal.ReadStreamAsync(Anna, 1, 10)).ShouldHaveSingleItem();
        entry.Position.ShouldBe(1);
        entry.Stream.ShouldBe(Anna);
        entry.Version.ShouldBe(1);
        entry.CommandId.ShouldBe("store-7/receipt-1");
        entry.TimeMs.ShouldBe(1_700_000_000_123);
        entry.Data.ToArray().ShouldBe(new byte[] { 0, 1, 255, 0 });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_wrong_expected_version_writes_nothing_and_names_the_stream(long wrong)
    {
        await Journal.CommitAsync(Entries(Anna, 2));
        await Settle();

        var result = await Journal.AppendAsync([Entry(Bert, 0, "x"), Entry(Anna, wrong, "y")]);

        result.Committed.ShouldBeFalse();
        result.FirstPosition.ShouldBe(0);
        result.ConflictedStreams.ShouldBe([Anna]);
        Journal.Head.ShouldBe(2);
        (await Journal.AllAsync()).Count.ShouldBe(2);
        (await Journal.ReadStreamAsync(Bert, 1, 10)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_stream_that_is_not_there_is_expected_at_version_zero()
    {
        (await Journal.AppendAsync([Entry(Anna, 1, "x")])).ConflictedStreams.ShouldBe([Anna]);
        (await Journal.AppendAsync([Entry(Anna, 0, "x")])).Committed.ShouldBeTrue();
        await Settle();
        (await Journal.AppendAsync([Entry(Anna, 0, "y")])).ConflictedStreams.ShouldBe([Anna]);
    }

    [Fact]
    public async Task Every_conflicting_stream_is_named_once()
    {
        await Journal.CommitAsync([.. Entries(Anna, 2), .. Entries(Bert, 1)]);
        await Settle();

        var result = await Journal.AppendAsync(
            [Entry(Anna, 0, "a"), Entry(Anna, 1, "b"), Entry("main/store/s1", 0, "c"), Entry(Bert, 0, "d")]);

        result.ConflictedStreams.ShouldBe([Anna, Bert], ignoreOrder: true);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Whoever_vouches_for_commands_is_held_to_versions_all_the_same(long wrong)
    {
        await Journal.CommitAsync([.. Entries(Anna, 2), .. Entries(Bert, 1)]);
        await Settle();

        var result = await Journal.AppendAsync([New("main/store/s1", 0, "a"), New(Anna, wrong, "b"), New(Anna, wrong + 1, "c"), New("main/store/s2", 1, "d"), New(Bert, 1, "e")]);

        result.ConflictedStreams.ShouldBe([Anna, "main/store/s2"], ignoreOrder: true);
        (await Journal.AllAsync()).Count.ShouldBe(3);
        (await Journal.AppendAsync([New("main/store/s1", 0, "a"), New(Anna, 2, "b"), New(Anna, 3, "c"), New("main/store/s2", 0, "d"), New(Bert, 1, "e")])).FirstPosition.ShouldBe(4);

        static EntryToAppend New(string stream, long expectedVersion, string command) => Entry(stream, expectedVersion, command, commandIsNew: true);
    }

    [Fact]
    public async Task A_conflict_leaves_the_way_free_for_the_same_entries_with_the_right_version()
    {
        await Journal.CommitAsync(Entries(Anna, 1));
        (await Journal.AppendAsync([Entry(Bert, 0, "x"), Entry(Anna, 0, "y")])).Committed.ShouldBeFalse();

        (await Journal.AppendAsync([Entry(Bert, 0, "x"), Entry(Anna, 1, "y")])).Committed.ShouldBeTrue();

        (await Journal.AllAsync()).Select(e => (e.Stream, e.Version)).ShouldBe([(Anna, 1), (Bert, 1), (Anna, 2)]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_command_is_written_once_in_a_stream(bool withinTheSameBatch)
    {
        EntryToAppend first = Entry(Anna, 0, "pay"), again = Entry(Anna, 1, "pay");
        if (!withinTheSameBatch)
        {
            await Journal.CommitAsync(first);
            await Settle();
        }

        var result = await Journal.AppendAsync(withinTheSameBatch ? [first, again] : [again]);

        result.ConflictedStreams.ShouldBe([Anna]);
        Journal.Head.ShouldBe(withinTheSameBatch ? 0 : 1);
    }

    [Fact]
    public async Task A_command_repeated_among_many_others_is_found_however_old_it_is()
    {
        await Journal.CommitAsync(Entry(Anna, 0, "pay"));
        await Journal.CommitAsync(Entries(Bert, 40));
        await Journal.CommitAsync(Entry(Anna, 1, "return"));
        await Settle();

        (await Journal.AppendAsync([Entry(Anna, 2, "pay")])).ConflictedStreams.ShouldBe([Anna]);
        (await Journal.AppendAsync([Entry(Anna, 2, "return")])).ConflictedStreams.ShouldBe([Anna]);
        (await Journal.AppendAsync([Entry(Anna, 2, "pay again")])).Committed.ShouldBeTrue();
    }

    [Fact]
    public async Task Two_streams_may_hold_the_same_command()
    {
        await Journal.CommitAsync(Entry(Anna, 0, "merge"), Entry(Bert, 0, "merge"));
        await Settle();

        (await Journal.FindCommandAsync(Anna, "merge"))!.Stream.ShouldBe(Anna);
        (await Journal.FindCommandAsync(Bert, "merge"))!.Stream.ShouldBe(Bert);
    }

    [Fact]
    public async Task Several_entries_of_one_stream_in_one_batch_get_versions_one_after_another()
    {
        await Journal.CommitAsync(Entries(Anna, 2));
        await Settle();

        var result = await Journal.AppendAsync(
            [Entry(Anna, 2, "c"), Entry(Bert, 0, "d"), Entry(Anna, 3, "e"), Entry(Bert, 1, "f"), Entry(Anna, 4, "g")]);

        result.FirstPosition.ShouldBe(3);
        await Settle();
        (await Journal.ReadStreamAsync(Anna, 1, 10)).Select(e => (e.Position, e.Version)).ShouldBe([(1, 1), (2, 2), (3, 3), (5, 4), (7, 5)]);
        (await Journal.ReadStreamAsync(Bert, 1, 10)).Select(e => (e.Position, e.Version)).ShouldBe([(4, 1), (6, 2)]);
    }

    [Fact]
    public async Task A_gap_within_the_batch_conflicts()
    {
        var result = await Journal.AppendAsync([Entry(Anna, 0, "a"), Entry(Anna, 2, "b")]);

        result.ConflictedStreams.ShouldBe([Anna]);
        Journal.Head.ShouldBe(0);
    }

    [Fact]
    public async Task An_empty_batch_writes_nothing_and_conflicts_with_nothing()
    {
        var result = await Journal.AppendAsync([]);

        result.Committed.ShouldBeTrue();
        result.FirstPosition.ShouldBe(0);
        Journal.Head.ShouldBe(0);
    }

    [Fact]
    public async Task A_batch_of_the_most_entries_is_written_and_one_more_is_refused()
    {
        (await Journal.AppendAsync(Entries(Anna, JournalLimits.BatchMax))).Committed.ShouldBeTrue();
        Journal.Head.ShouldBe(JournalLimits.BatchMax);

        await Refused(() => Journal.AppendAsync(Entries(Anna, JournalLimits.BatchMax + 1, JournalLimits.BatchMax)));
        Journal.Head.ShouldBe(JournalLimits.BatchMax);
    }

    [Fact]
    public async Task A_batch_of_more_bytes_than_a_message_carries_is_refused()
    {
        var most = new byte[JournalLimits.DataBytesMax];
        var batch = Enumerable.Range(0, JournalLimits.BatchBytesMax / most.Length).Select(i => new EntryToAppend(Anna, i, $"c{i}", false, 0, most)).ToList();
        batch.Add(Entry(Anna, batch.Count, "one more", "x"));

        await Refused(() => Journal.AppendAsync(batch));

        Journal.Head.ShouldBe(0);
        (await Journal.AllAsync()).ShouldBeEmpty();
    }

    public static TheoryData<string, EntryToAppend> OutOfBounds() => new()
    {
        { "empty stream", Entry("", 0, "x") },
        { "null stream", new(null!, 0, "x", false, 0, default) },
        { "long stream", Entry(new('s', JournalLimits.StreamLengthMax + 1), 0, "x") },
        { "half a surrogate pair", Entry("main/customer/\ud83d", 0, "x") },
        { "a NUL", Entry("main/customer/\0", 0, "x") },
        { "empty command", Entry(Anna, 0, "") },
        { "null command", new(Anna, 0, null!, false, 0, default) },
        { "long command", Entry(Anna, 0, new('c', JournalLimits.CommandIdLengthMax + 1)) },
        { "the other half of a surrogate pair", Entry(Anna, 0, "\udc00") },
        { "negative version", Entry(Anna, -1, "x") },
        { "version that has no next", new(Anna, long.MaxValue, "x", false, 0, default) },
        { "large payload", new(Anna, 0, "x", false, 0, new byte[JournalLimits.DataBytesMax + 1]) },
    };

    [Theory]
    [MemberData(nameof(OutOfBounds), DisableDiscoveryEnumeration = true)]
    public async Task What_is_out_of_bounds_is_refused_and_the_rest_of_its_batch_with_it(string what, EntryToAppend entry)
    {
        await Refused(() => Journal.AppendAsync([Entry(Bert, 0, "y"), entry]), what);
        Journal.Head.ShouldBe(0);
        (await Journal.AllAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Names_and_payloads_of_the_greatest_length_are_taken()
    {
        var stream = new string('店', JournalLimits.StreamLengthMax);
        var command = new string('单', JournalLimits.CommandIdLengthMax);
        var data = new byte[JournalLimits.DataBytesMax];
        new Random(1).NextBytes(data);

        await Journal.CommitAsync(new EntryToAppend(stream, 0, command, false, 0, data));
        await Settle();

        var entry = (await Journal.FindCommandAsync(stream, command)).ShouldNotBeNull();
        entry.Data.Span.SequenceEqual(data).ShouldBeTrue();
    }

    [Fact]
    public async Task Names_in_any_script_are_told_apart_letter_by_letter()
    {
        string[] streams = ["main/store/北京", "main/store/北京 ", "main/store/Ä", "main/store/ä", "main/store/a\u0308", "main/store/🏬", "main/store/%_'\"\\"];
        await Journal.CommitAsync([.. streams.Select((stream, i) => Entry(stream, 0, $"命令-🧾-{i}", stream))]);
        await Settle();

        foreach (var stream in streams) (await Journal.ReadStreamAsync(stream, 1, 10)).ShouldHaveSingleItem().Text().ShouldBe(stream);
        (await Journal.FindCommandAsync(streams[5], "命令-🧾-5")).ShouldNotBeNull();
        (await Journal.FindCommandAsync(streams[5], "命令-🧾-4")).ShouldBeNull();
    }

    [Fact]
    public async Task An_empty_payload_and_a_time_before_1970_are_taken()
    {
        await Journal.CommitAsync(new EntryToAppend(Anna, 0, "x", false, -5, default));
        await Settle();

        var entry = (await Journal.ReadAfterAsync(0, 1)).ShouldHaveSingleItem();
        entry.Data.Length.ShouldBe(0);
        entry.TimeMs.ShouldBe(-5);
    }

    [Fact]
    public async Task The_callers_memory_is_its_own_again_after_the_append()
    {
        var lent = Encoding.UTF8.GetBytes("before");
        List<EntryToAppend> batch = [new(Anna, 0, "x", false, 0, lent)];

        await Journal.AppendAsync(batch);
        lent.AsSpan().Fill((byte)'!');
        batch[0] = Entry(Bert, 7, "y");

        (await Journal.ReadAfterAsync(0, 10)).ShouldHaveSingleItem().Text().ShouldBe("before");
    }

    [Fact]
    public async Task Any_list_is_taken_as_a_batch()
    {
        var all = Entries(Anna, 9);
        await Journal.AppendAsync(new List<EntryToAppend>(all[..3]));
        await Journal.AppendAsync(new ArraySegment<EntryToAppend>(all, 3, 3));
        await Journal.AppendAsync(new System.Collections.ObjectModel.ReadOnlyCollection<EntryToAppend>(all[6..]));

        (await Journal.AllAsync()).Select(e => e.Version).ShouldBe(Enumerable.Range(1, 9).Select(i => (long)i));
    }

    [Fact]
    public async Task A_cancelled_append_writes_nothing()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(async () => await Journal.AppendAsync(Entries(Anna, 1), cancelled.Token));
        Journal.Head.ShouldBe(0);
        (await Journal.AppendAsync(Entries(Anna, 1))).Committed.ShouldBeTrue();
    }

    [Fact]
    public async Task Appenders_on_different_streams_do_not_disturb_one_another()
    {
        const int appenders = 8, each = 25;
        await Task.WhenAll(Enumerable.Range(0, appenders).Select(a => Task.Run(async () =>
        {
            for (var i = 0; i < each; i++) await Journal.CommitAsync(Entry($"main/customer/{a}", i, $"c{i}", $"{a}:{i}"));
        })));

        Journal.Head.ShouldBe(appenders * each);
        var all = await Journal.AllAsync();
        all.Select(e => e.Position).ShouldBe(Enumerable.Range(1, appenders * each).Select(i => (long)i));
        foreach (var stream in all.GroupBy(e => e.Stream)) stream.Select(e => e.Version).ShouldBe(Enumerable.Range(1, each).Select(i => (long)i));
    }

    [Fact]
    public async Task Of_appenders_that_expect_the_same_version_exactly_one_wins()
    {
        for (var version = 0; version < 10; version++)
        {
            var expected = version;
            var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(a =>
                Task.Run(async () => await Journal.AppendAsync([Entry(Anna, expected, $"{expected} by {a}")]))));
            results.Count(r => r.Committed).ShouldBe(1);
            results.Where(r => !r.Committed).ShouldAllBe(r => r.ConflictedStreams[0] == Anna);
        }

        Journal.Head.ShouldBe(10);
    }

    [Fact]
    public async Task After_the_end_every_question_is_refused()
    {
        await Journal.CommitAsync(Entries(Anna, 1));
        await Journal.DisposeAsync();
        await Journal.DisposeAsync();

        await Should.ThrowAsync<ObjectDisposedException>(async () => await Journal.AppendAsync(Entries(Anna, 1, 1)));
        await Should.ThrowAsync<ObjectDisposedException>(async () => await Journal.ReadStreamAsync(Anna, 1, 1));
        await Should.ThrowAsync<ObjectDisposedException>(async () => await Journal.ReadStreamBackwardAsync(Anna, 2, 1));
        await Should.ThrowAsync<ObjectDisposedException>(async () => await Journal.FindCommandAsync(Anna, "x"));
        await Should.ThrowAsync<ObjectDisposedException>(async () => await Journal.ReadAfterAsync(0, 1));
        await Should.ThrowAsync<ObjectDisposedException>(async () => await Journal.ReadAfterAsync(100, 1));
    }

    /// <summary>Refused as an argument, and as nothing else.</summary>
    private static async Task Refused<T>(Func<ValueTask<T>> call, string? what = null) =>
        await Should.ThrowAsync<ArgumentException>(async () => await call(), what);
}
