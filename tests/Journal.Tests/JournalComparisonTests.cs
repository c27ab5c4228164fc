using ChainCrm.Journal.Moving;
using Shouldly;
using Xunit;
using static ChainCrm.Journal.Tests.Given;

namespace ChainCrm.Journal.Tests;

/// <summary>Whatever differs between two journals is found and named by its place.</summary>
public sealed class JournalComparisonTests
{
    // In the second block, so that the blocks before are passed over.
    private const int Count = 2 * JournalLimits.CompareBlockEntries + 100, Place = JournalLimits.CompareBlockEntries + 3_000;

    [Fact]
    public async Task Journals_with_the_same_entries_are_the_same_and_every_figure_says_so()
    {
        var (one, other) = await PairAsync();
        long read = 0;

        var result = await new JournalComparison(one, other).RunAsync(count => Interlocked.Add(ref read, count), CancellationToken.None);

        result.Differences.ShouldBeEmpty();
        result.Source.ShouldBe(result.Target);
        result.Source.ShouldBe(new JournalFigures(Count, Count, 97, result.Source.Digest));
        result.Source.Digest.Length.ShouldBe(64);
        result.LookUps.ShouldBeGreaterThan(JournalLimits.CompareSamples);
        read.ShouldBe(2 * Count);
    }

    [Theory]
    [InlineData("payload")]
    [InlineData("longer payload")]
    [InlineData("time")]
    [InlineData("command id")]
    [InlineData("stream")]
    [InlineData("version")]
    public async Task One_entry_that_differs_is_named(string what)
    {
        var (one, other) = await PairAsync();
        other.Alter = entry => entry.Position != Place ? entry : what switch
        {
            "payload" => entry with { Data = new byte[entry.Data.Length + 1] },
            "longer payload" => entry with { Data = (byte[])[.. entry.Data.Span, 0] },
            "time" => entry with { TimeMs = entry.TimeMs ^ 1 },
            "command id" => entry with { CommandId = entry.CommandId + "x" },
            "stream" => entry with { Stream = entry.Stream + "x" },
            _ => entry with { Version = entry.Version + 1 },
        };

        var result = await new JournalComparison(one, other).RunAsync(_ => { }, CancellationToken.None);

        result.Differences.ShouldContain($"The first entry that differs is at position {Place}: its {what.Replace("longer ", "", StringComparison.Ordinal)} is another one.");
        result.Source.Digest.ShouldNotBe(result.Target.Digest);
    }

    [Fact]
    public async Task An_entry_that_is_missing_in_the_middle_is_found_on_either_side()
    {
        var (one, other) = await PairAsync();
        other.Alter = entry => entry.Position == Place ? null : entry;

        (await CompareAsync(one, other)).ShouldContain($"In the target position {Place} is missing.");
        (await CompareAsync(other, one)).ShouldContain($"In the source position {Place} is missing.");
    }

    [Fact]
    public async Task An_end_that_is_missing_is_found()
    {
        var (one, other) = await PairAsync();
        other.Alter = entry => entry.Position > Count - 5 ? null : entry;

        var differences = await CompareAsync(one, other);

        differences.ShouldContain($"The source has {Count} entries, the target {Count - 5}.");
        differences.ShouldContain($"The source ends at position {Count}, the target at {Count - 5}.");
        differences.ShouldContain($"Up to position {Count - 5} all entries are the same; one of the two ends there.");
    }

    [Fact]
    public async Task The_same_disorder_on_both_sides_is_a_difference_all_the_same()
    {
        var (one, other) = await PairAsync();
        one.Alter = other.Alter = entry => entry.Position == Place ? entry with { Version = entry.Version + 1 } : entry;

        (await CompareAsync(one, other)).ShouldContain(difference => difference.StartsWith($"In the source the entry at position {Place} has version", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task A_target_whose_index_does_not_find_what_its_entries_hold_is_found(bool findsCommands, bool findsStreams)
    {
        var source = new MemoryJournal();
        await JournalCopyTests.FillAsync(source, 100);

        (await CompareAsync(source, new AlteredJournal(source) { FindsCommands = findsCommands, FindsStreams = findsStreams }))
            .ShouldContain("The target does not find the stream or the command of position 1 as it was read.");
    }

    [Fact]
    public async Task Names_that_run_into_one_another_are_not_taken_for_the_same()
    {
        await using var one = new MemoryJournal();
        await using var other = new MemoryJournal();
        await one.CommitAsync(Entry("ab", 0, "c"));
        await other.CommitAsync(Entry("a", 0, "bc"));

        (await CompareAsync(one, other)).ShouldContain("The first entry that differs is at position 1: its stream is another one.");
    }

    private static async Task<IReadOnlyList<string>> CompareAsync(IJournal one, IJournal other) =>
        (await new JournalComparison(one, other).RunAsync(_ => { }, CancellationToken.None)).Differences;

    private static async Task<(AlteredJournal One, AlteredJournal Other)> PairAsync()
    {
        var (one, other) = (new MemoryJournal(), new MemoryJournal());
        await JournalCopyTests.FillAsync(one, Count);
        await JournalCopyTests.FillAsync(other, Count);
        return (new(one), new(other));
    }
}
