using Shouldly;
using Xunit;
using static ChainCrm.Journal.Tests.Given;

namespace ChainCrm.Journal.Tests;

/// <summary>What every journal answers to questions.</summary>
public abstract partial class JournalConformance
{
    [Theory]
    [InlineData(1, 100, new long[] { 1, 2, 3, 4, 5, 6, 7 })]
    [InlineData(0, 2, new long[] { 1, 2 })]
    [InlineData(long.MinValue, 1, new long[] { 1 })]
    [InlineData(4, 2, new long[] { 4, 5 })]
    [InlineData(7, 10, new long[] { 7 })]
    [InlineData(8, 10, new long[0])]
    [InlineData(long.MaxValue, 10, new long[0])]
    public async Task A_stream_is_read_from_a_version_on(long from, int max, long[] versions)
    {
        await InterleavedSevenAsync();

        (await Journal.ReadStreamAsync(Anna, from, max)).Select(e => e.Version).ShouldBe(versions);
    }

    [Theory]
    [InlineData(long.MaxValue, 100, new long[] { 7, 6, 5, 4, 3, 2, 1 })]
    [InlineData(8, 2, new long[] { 7, 6 })]
    [InlineData(5, 2, new long[] { 4, 3 })]
    [InlineData(3, 10, new long[] { 2, 1 })]
    [InlineData(2, 1, new long[] { 1 })]
    [InlineData(1, 1, new long[0])]
    [InlineData(long.MinValue, 1, new long[0])]
    public async Task A_stream_is_read_backward_below_a_version(long before, int max, long[] versions)
    {
        await InterleavedSevenAsync();

        (await Journal.ReadStreamBackwardAsync(Anna, before, max)).Select(e => e.Version).ShouldBe(versions);
    }

    [Theory]
    [InlineData(0, 100, new long[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 })]
    [InlineData(-1, 2, new long[] { 1, 2 })]
    [InlineData(3, 4, new long[] { 4, 5, 6, 7 })]
    [InlineData(9, 4, new long[] { 10 })]
    [InlineData(10, 4, new long[0])]
    [InlineData(long.MaxValue, 4, new long[0])]
    public async Task The_journal_is_read_after_a_position(long after, int max, long[] positions)
    {
        await InterleavedSevenAsync();

        (await Journal.ReadAfterAsync(after, max)).Select(e => e.Position).ShouldBe(positions);
    }

    [Fact]
    public async Task Both_directions_and_the_whole_journal_tell_the_same()
    {
        await InterleavedSevenAsync();

        var forward = await Journal.ReadStreamAsync(Anna, 1, 100);
        var backward = await Journal.ReadStreamBackwardAsync(Anna, long.MaxValue, 100);
        var whole = (await Journal.AllAsync()).Where(e => e.Stream == Anna).ToList();

        Facts(backward.Reverse()).ShouldBe(Facts(forward));
        Facts(whole).ShouldBe(Facts(forward));
    }

    [Fact]
    public async Task A_command_is_found_in_its_stream_only()
    {
        await InterleavedSevenAsync();

        var found = (await Journal.FindCommandAsync(Anna, $"{Anna}#5")).ShouldNotBeNull();
        found.Version.ShouldBe(5);
        found.Text().ShouldBe("data 5");
        (await Journal.FindCommandAsync(Bert, $"{Anna}#5")).ShouldBeNull();
        (await Journal.FindCommandAsync(Anna, $"{Anna}#8")).ShouldBeNull();
        (await Journal.FindCommandAsync("main/customer/c-nobody", $"{Anna}#5")).ShouldBeNull();
    }

    [Fact]
    public async Task A_stream_half_of_which_has_settled_is_read_whole()
    {
        await Journal.CommitAsync(Entries(Anna, 5));
        await Settle();
        await Journal.CommitAsync(Entries(Anna, 4, afterVersion: 5));

        (await Journal.ReadStreamAsync(Anna, 2, 100)).Select(e => e.Version).ShouldBe([2, 3, 4, 5, 6, 7, 8, 9]);
        (await Journal.ReadStreamAsync(Anna, 4, 3)).Select(e => e.Version).ShouldBe([4, 5, 6]);
        (await Journal.ReadStreamAsync(Anna, 8, 3)).Select(e => e.Version).ShouldBe([8, 9]);
        (await Journal.ReadStreamBackwardAsync(Anna, 8, 4)).Select(e => e.Version).ShouldBe([7, 6, 5, 4]);
        (await Journal.ReadStreamBackwardAsync(Anna, 4, 4)).Select(e => e.Version).ShouldBe([3, 2, 1]);
        (await Journal.AppendAsync(Entries(Anna, 1, afterVersion: 9))).Committed.ShouldBeTrue();
    }

    [Fact]
    public async Task What_was_read_about_a_stream_does_not_outlive_the_next_append()
    {
        await Journal.CommitAsync(Entries(Anna, 3));
        await Settle();
        (await Journal.ReadStreamAsync(Anna, 4, 10)).ShouldBeEmpty();
        (await Journal.ReadStreamAsync(Bert, 1, 10)).ShouldBeEmpty();
        (await Journal.ReadStreamAsync(Bert, 5, 10)).ShouldBeEmpty();

        await Journal.CommitAsync(Entry(Anna, 3, "d"), Entry(Bert, 0, "e"));
        await Settle();

        (await Journal.AppendAsync([Entry(Anna, 3, "f")])).Committed.ShouldBeFalse();
        (await Journal.AppendAsync([Entry(Bert, 0, "g")])).Committed.ShouldBeFalse();
        await Journal.CommitAsync(Entry(Anna, 4, "h"), Entry(Bert, 1, "i"));
    }

    [Fact]
    public async Task A_read_beyond_the_end_of_a_stream_does_not_mistake_its_end()
    {
        await Journal.CommitAsync(Entries(Anna, 3));
        await Settle();
        await Journal.CommitAsync(Entries(Anna, 2, 3));
        for (var i = 0; i < 5; i++) await Journal.CommitAsync(Entry($"main/customer/other-{i}", 0, "c"));

        (await Journal.ReadStreamAsync(Anna, 9, 10)).ShouldBeEmpty();

        (await Journal.AppendAsync(Entries(Anna, 1, 3))).Committed.ShouldBeFalse();
        (await Journal.AppendAsync(Entries(Anna, 1, 5))).Committed.ShouldBeTrue();
    }

    [Fact]
    public async Task A_read_of_large_payloads_ends_early_and_the_next_goes_on()
    {
        const int each = 4 * 1024 * 1024, count = 18;
        count.ShouldBeGreaterThan(JournalLimits.ReadBytesMax / each);
        for (var i = 0; i < count; i++) await Journal.CommitAsync(new EntryToAppend(Anna, i, $"c{i}", true, 0, new byte[each]));
        await Settle();

        (await Journal.ReadAfterAsync(0, 100)).Count.ShouldBe(JournalLimits.ReadBytesMax / each);
        (await Journal.ReadStreamAsync(Anna, 1, 100)).Count.ShouldBe(JournalLimits.ReadBytesMax / each);
        (await Journal.ReadStreamBackwardAsync(Anna, long.MaxValue, 100)).Count.ShouldBe(JournalLimits.ReadBytesMax / each);
        (await Journal.ReadStreamAsync(Anna, 1 + JournalLimits.ReadBytesMax / each, 100)).Count.ShouldBe(count - JournalLimits.ReadBytesMax / each);
        (await Journal.AppendAsync([Entry(Anna, count, "last")])).Committed.ShouldBeTrue();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(JournalLimits.ReadMax + 1)]
    public async Task A_read_of_too_few_or_too_many_is_refused(int max)
    {
        await Refused(() => Journal.ReadAfterAsync(0, max));
        await Refused(() => Journal.ReadStreamAsync(Anna, 1, max));
        await Refused(() => Journal.ReadStreamBackwardAsync(Anna, 1, max));
    }

    [Fact]
    public async Task Names_out_of_bounds_are_refused_in_questions_too()
    {
        var longName = new string('x', JournalLimits.StreamLengthMax + 1);
        foreach (var name in (string?[])["", null, longName, "a\0b", "\ud800"])
        {
            await Refused(() => Journal.ReadStreamAsync(name!, 1, 1));
            await Refused(() => Journal.ReadStreamBackwardAsync(name!, 1, 1));
            await Refused(() => Journal.FindCommandAsync(name!, "x"));
            await Refused(() => Journal.FindCommandAsync(Anna, name!));
        }
    }

    [Fact]
    public async Task A_cancelled_read_ends_as_cancelled()
    {
        await Journal.CommitAsync(Entries(Anna, 1));
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(async () => await Journal.ReadStreamAsync(Anna, 1, 1, cancelled.Token));
        await Should.ThrowAsync<OperationCanceledException>(async () => await Journal.ReadStreamBackwardAsync(Anna, 2, 1, cancelled.Token));
        await Should.ThrowAsync<OperationCanceledException>(async () => await Journal.FindCommandAsync(Anna, "x", cancelled.Token));
        await Should.ThrowAsync<OperationCanceledException>(async () => await Journal.ReadAfterAsync(0, 1, cancelled.Token));
    }

    [Fact]
    public async Task Whoever_reads_while_others_append_sees_whole_batches_and_no_gap()
    {
        const int batches = 60, size = 5;
        var appending = Task.Run(async () =>
        {
            for (var b = 0; b < batches; b++) await Journal.CommitAsync(Entries(Anna, size, b * size));
        });
        while (true)
        {
            var ended = appending.IsCompleted;
            var after = await Journal.AllAsync();
            after.Select(e => e.Position).ShouldBe(Enumerable.Range(1, after.Count).Select(i => (long)i));
            var stream = await Journal.ReadStreamAsync(Anna, 1, 1_000);
            stream.Select(e => e.Version).ShouldBe(Enumerable.Range(1, stream.Count).Select(i => (long)i));
            (stream.Count % size).ShouldBe(0);
            stream.Count.ShouldBeGreaterThanOrEqualTo(after.Count);
            if (ended) break;
        }

        await appending.WaitAsync(TimeSpan.FromSeconds(30));
        (await Journal.AllAsync()).Count.ShouldBe(batches * size);
    }

    /// <summary>Versions 1 to 7 of one stream at positions 1, 2, 4, 5, 7, 8, 10, and another stream between them.</summary>
    private async Task InterleavedSevenAsync()
    {
        for (var i = 0; i < 3; i++)
        {
            await Journal.CommitAsync([.. Entries(Anna, 2, i * 2), Entry(Bert, i, $"{Bert}#{i + 1}")]);
            if (i == 1) await Settle();
        }

        await Journal.CommitAsync(Entries(Anna, 1, 6));
        await Settle();
    }

    private static IEnumerable<(long, string, long, string, long, string)> Facts(IEnumerable<JournalEntry> entries) =>
        entries.Select(e => (e.Position, e.Stream, e.Version, e.CommandId, e.TimeMs, e.Text()));
}
