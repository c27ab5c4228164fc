using System.Globalization;
using ChainCrm.Grains.Codecs;
using ChainCrm.Grains.Runtime;
using Shouldly;
using Xunit;

namespace ChainCrm.Grains.Tests.Runtime;

/// <summary>What a grain remembers of its commands: never forgets one, and rarely takes a new one for an old one, also after thousands.</summary>
public sealed class CommandMemoryTests
{
    [Theory]
    [InlineData(7)]
    [InlineData(9)]
    [InlineData(400)]
    [InlineData(5_000)]
    [InlineData(25_000)]
    public void A_new_command_is_rarely_taken_for_an_old_one(int count)
    {
        var memory = Filled(count);
        var maybes = Enumerable.Range(0, 10_000).Count(i => memory.MayHold(Hash("new", i)));
        // A slice that is full mistakes one in a hundred, and thousands of commands are in seven of them.
        maybes.ShouldBeLessThan(900);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(500)]
    [InlineData(20_000)]
    public void An_old_command_is_never_taken_for_new(int count)
    {
        var memory = Filled(count);
        Enumerable.Range(0, count).ShouldAllBe(i => memory.MayHold(Hash("old", i)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(60)]
    [InlineData(13_000)]
    [InlineData(20_000)]
    public void What_is_written_is_read_again(int count)
    {
        var memory = Filled(count);
        var bytes = new byte[memory.WrittenLength + 3];
        memory.Write(bytes);

        ReadOnlySpan<byte> input = bytes;
        CommandMemory.TryRead(ref input, out var read).ShouldBeTrue();
        input.Length.ShouldBe(3);
        read.Count.ShouldBe(count);
        Enumerable.Range(0, count).ShouldAllBe(i => read.MayHold(Hash("old", i)));
        read.Add(Hash("old", count));
        read.MayHold(Hash("old", count)).ShouldBeTrue();
    }

    [Fact]
    public void A_filter_of_another_length_than_its_commands_need_is_not_read()
    {
        // As snapshots had it whose filter ended at 512 bytes: the stream is folded instead.
        var memory = Filled(1_000);
        var bytes = new byte[memory.WrittenLength];
        memory.Write(bytes);
        var header = sizeof(int) + (8 * sizeof(ulong));
        var shorter = bytes[..(header + sizeof(int) + 512)];
        BitConverter.TryWriteBytes(shorter.AsSpan(header), 512);

        ReadOnlySpan<byte> input = shorter;
        CommandMemory.TryRead(ref input, out _).ShouldBeFalse();
    }

    private static CommandMemory Filled(int count)
    {
        var memory = default(CommandMemory);
        for (var i = 0; i < count; i++)
            memory.Add(Hash("old", i));
        return memory;
    }

    private static ulong Hash(string kind, int number) => StableHash.Of(string.Create(CultureInfo.InvariantCulture, $"S1/{kind}-{number}"));
}
