using ChainCrm.Journal.Sqlite;
using Shouldly;
using Xunit;

namespace ChainCrm.Journal.Tests;

/// <summary>A segment of the tail against dictionaries.</summary>
public sealed class TailSegmentTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(3, 256)]
    [InlineData(4, 1_000)]
    [InlineData(5, 5_000)]
    public void A_segment_finds_what_was_added_and_nothing_else_however_often_it_is_used_again(int seed, int capacity)
    {
        var random = new Random(seed);
        var segment = new TailSegment(capacity);
        for (var round = 0; round < 4; round++)
        {
            Dictionary<TextKey, List<(long Version, long Position)>> streams = [];
            Dictionary<TextKey, long> commands = [];
            var count = random.Next(1, capacity + 1);
            for (var position = 100L; position < 100 + count; position++)
            {
                var (stream, command) = (Key(random, 50), Key(random, 100_000));
                if (!streams.TryGetValue(stream, out var versions)) streams[stream] = versions = [];
                versions.Add((versions.Count + 1, position));
                commands[command] = position;
                segment.Add(position, stream, versions.Count, command);
            }

            segment.Full.ShouldBe(count == capacity);
            foreach (var (stream, versions) in streams)
            {
                segment.TryFindHead(stream, out var head).ShouldBeTrue();
                head.ShouldBe(versions.Count);
                List<(long, long)> found = [];
                segment.CollectStream(stream, 2, versions.Count, found);
                found.ShouldBe(versions.Where(v => v.Version >= 2 && v.Version < versions.Count).Reverse());
            }

            foreach (var (command, position) in commands)
            {
                segment.TryFindCommand(command, out var found).ShouldBeTrue();
                found.ShouldBe(position);
            }

            for (var i = 0; i < 1_000; i++)
            {
                var other = Key(random, 100_000);
                segment.TryFindCommand(other, out _).ShouldBe(commands.ContainsKey(other));
                segment.TryFindHead(other, out _).ShouldBe(streams.ContainsKey(other));
            }

            segment.Clear();
            segment.TryFindHead(streams.Keys.First(), out _).ShouldBeFalse();
        }
    }

    /// <summary>Half of the keys crowd together: their halves differ only where neither the place nor the tag looks.</summary>
    private static TextKey Key(Random random, int kinds)
    {
        var kind = (ulong)random.Next(kinds);
        return kind % 2 == 0 ? new(5, kind << 32) : new(kind * 0x9E3779B1, kind * 0x85EBCA6B);
    }
}
