using ChainCrm.Journal.Sqlite;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace ChainCrm.Journal.Tests;

/// <summary>The runs of an index: what they answer while they are merged, how many there are, and what room they take.</summary>
public sealed class RunMergeTests(ITestOutputHelper output)
{
    public static TheoryData<int, int> Histories() => new()
    {
        // Seed, bytes of filters: none, some of the runs, all.
        { 1, 0 }, { 2, 0 }, { 3, 5_000 }, { 4, 5_000 }, { 5, 1_000_000 }, { Random.Shared.Next(), 1_000_000 },
    };

    [Theory]
    [MemberData(nameof(Histories), DisableDiscoveryEnumeration = true)]
    public void Look_ups_answer_as_a_list_does_between_all_slices_of_all_merges(int seed, int filterBytesMax)
    {
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using var model = new RunModel(sliceEntries: 1 + random.Next(2_000), filterBytesMax);

        // The last five share the half that is stored with the first five, as two names with one hash would.
        TextKey[] streams = [.. Enumerable.Range(0, 40).Select(i => Key(1 + i % 35, (ulong)i))];
        var commandsOf = new Dictionary<long, TextKey>();
        for (var segment = 0; segment < 90; segment++)
        {
            var busy = random.Next(3) == 0 ? 2 : streams.Length;
            model.Write(Enumerable.Range(0, 1 + random.Next(random.Next(5) == 0 ? 900 : 60)).Select(_ => streams[random.Next(busy)]), CommandOf);
            for (var slices = random.Next(4); slices > 0 && model.Index.Due; slices--) model.Index.Tend();
            if (segment % 3 == 0) Compare($"seed {seed}, segment {segment}");
        }

        while (model.Index.Due) model.Index.Tend();
        Compare($"seed {seed}, at the end");
        model.Faults().ShouldBeEmpty();
        model.Index.RunCount.ShouldBe(RunsAfter(90));

        TextKey CommandOf(long position)
        {
            if (!commandsOf.TryGetValue(position, out var key)) commandsOf[position] = key = Key(random.Next(20) == 0 ? 3 : position * 7_919, (ulong)position);
            return key;
        }

        void Compare(string because)
        {
            var stream = streams[random.Next(streams.Length)];
            var known = model.Entries.Where(e => e.Stream.Stored == stream.Stored).Select(e => (e.Version, e.Position)).Order().ToList();
            var newest = known.Count == 0 ? 1 : known[^1].Version;
            var (from, before) = (random.NextInt64(0, newest + 2), random.Next(2) == 0 ? long.MaxValue : random.NextInt64(0, newest + 2));
            var expected = known.Where(e => e.Version >= from && e.Version < before).ToList();
            model.Forward(stream, from, before).Order().ToList().ShouldBe(expected, because);
            model.Backward(stream, from, before).Order().ToList().ShouldBe(expected, because);
            if (known.Select(e => e.Version).Distinct().Count() == known.Count)
            {
                model.Forward(stream, from, before).ShouldBe(expected, because);
                model.Backward(stream, from, before).ShouldBe(Enumerable.Reverse(expected), because);
            }

            var command = random.Next(4) == 0 ? Key(3, 0) : model.Entries[random.Next(model.Entries.Count)].Command;
            model.Commands(command).ShouldBe(model.Entries.Where(e => e.Command.Stored == command.Stored).Select(e => e.Position), because);
            model.Commands(new((ulong)random.NextInt64(), 1)).ShouldBeEmpty(because);
        }
    }

    [Fact]
    public void As_many_runs_as_are_merged_become_one_and_those_again()
    {
        using var model = new RunModel(JournalLimits.IndexMergeSliceEntries, JournalLimits.IndexFilterBytesMax);
        var counts = new List<int>();
        const int segments = 130;
        for (var segment = 1; segment <= segments; segment++)
        {
            model.Write([new((ulong)segment, 0), new(7, 0)], position => new((ulong)position << 20, 0));
            while (model.Index.Due) model.Index.Tend();
            counts.Add(model.Index.RunCount);
        }

        counts.ShouldBe(Enumerable.Range(1, segments).Select(RunsAfter));
        counts.Max().ShouldBe(15, "127 of 130: seven of each of two levels and one above");
        model.Forward(new(7, 0), 1, long.MaxValue).Count.ShouldBe(segments + 1);
    }

    [Fact]
    public void A_large_merge_does_not_hold_up_small_ones()
    {
        using var model = new RunModel(sliceEntries: 1, JournalLimits.IndexFilterBytesMax);
        for (var segment = 0; segment < JournalLimits.IndexMergeRuns; segment++) WriteMany(model, 2_000);
        while (model.Index.Filters.Due) model.Index.Tend();
        model.Index.Tend();
        model.Index.RunCount.ShouldBe(JournalLimits.IndexMergeRuns, "a block of the large merge is written, and no more");

        // While it goes on, every segment gets in at once, and full levels below it would be merged first.
        for (var segment = 0; segment < JournalLimits.IndexMergeRuns; segment++)
        {
            WriteMany(model, 5);
            model.Index.Tend();
            model.Index.IndexedUpto.ShouldBe(model.Entries.Count);
        }

        model.Index.RunCount.ShouldBe(JournalLimits.IndexMergeRuns * 2);
        while (model.Index.Due) model.Index.Tend();
        model.Index.RunCount.ShouldBe(2);
        model.Faults().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_position_that_is_there_twice_in_the_place_of_another_one_is_found(bool commands)
    {
        using var model = new RunModel(JournalLimits.IndexMergeSliceEntries, JournalLimits.IndexFilterBytesMax);
        WriteMany(model, 100);
        model.Faults().ShouldBeEmpty();

        model.Forge(commands ? RunPart.Commands : RunPart.Streams, position => position == 40 ? 41 : position);

        model.Faults().ShouldHaveSingleItem().ShouldContain(commands ? "more than once among its commands" : "more than once among its streams");
    }

    [Fact]
    public void The_room_of_merged_runs_is_used_again()
    {
        using var model = new RunModel(sliceEntries: 2_000, JournalLimits.IndexFilterBytesMax);
        long most = 0;
        for (var segment = 0; segment < 150; segment++)
        {
            WriteMany(model, 400);
            while (model.Index.Due) model.Index.Tend();
            if (segment % 10 == 9) most = Math.Max(most, model.FileBytes() / model.Entries.Count);
        }

        most.ShouldBeLessThan(80, "24 bytes of each entry, as many again while they are merged, and what is too little for a page");
    }

    [Fact]
    public void Filters_keep_to_their_memory_and_serve_the_small_runs_first()
    {
        var room = RunFilter.Bytes(1_000);
        using var model = new RunModel(JournalLimits.IndexMergeSliceEntries, room);
        WriteMany(model, 2_000);
        WriteMany(model, 300);
        WriteMany(model, 600);
        while (model.Index.Due) model.Index.Tend();

        model.Index.Filters.Bytes.ShouldBeLessThanOrEqualTo(room);
        var strangers = Enumerable.Range(1, 100).Select(i => new HashSeed(5, 6).Stream(BitConverter.GetBytes(i)).Stored).ToList();
        strangers.Count(hash => model.Index.Filters.MayHold(1, RunPart.Commands, hash)).ShouldBe(100, "the largest has none");
        strangers.Count(hash => model.Index.Filters.MayHold(2, RunPart.Commands, hash)).ShouldBeLessThan(10);
        strangers.Count(hash => model.Index.Filters.MayHold(3, RunPart.Streams, hash)).ShouldBeLessThan(10);
    }

    /// <summary>The digits of the number of segments, to the base of the merge, added up.</summary>
    private static int RunsAfter(int segments) =>
        segments == 0 ? 0 : segments % JournalLimits.IndexMergeRuns + RunsAfter(segments / JournalLimits.IndexMergeRuns);

    /// <summary>Every entry opens a stream.</summary>
    private static void WriteMany(RunModel model, int count)
    {
        var seed = new HashSeed(3, 4);
        model.Write(
            Enumerable.Range(model.Entries.Count, count).Select(i => seed.Stream(BitConverter.GetBytes(i))).ToList(),
            position => seed.Command(new(1, 2), BitConverter.GetBytes(position)));
    }

    private static TextKey Key(long first, ulong second)
    {
        unchecked
        {
            return new((ulong)first * 0x9E3779B97F4A7C15, second);
        }
    }
}
