using ChainCrm.Journal.Sqlite;
using Shouldly;
using Xunit;

namespace ChainCrm.Journal.Tests;

/// <summary>A block of a run as it is stored.</summary>
public sealed class RunBlockTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 70_000)]
    [InlineData(1, 255)]
    [InlineData(300, 1L << 40)]
    [InlineData(1L << 32, 1L << 55)]
    [InlineData(long.MaxValue, long.MaxValue)]
    public void What_is_packed_comes_back(long version, long position)
    {
        RunEntry[] entries = [new(long.MinValue, 0, 1), new(-1, version, position), new(0, version / 2, position / 3), new(long.MaxValue, version, position)];
        var (bytes, length) = Pack(entries);
        var block = new RunBlock();

        block.Load(bytes.AsSpan(0, length), 1);

        Enumerable.Range(0, block.Count).Select(i => block[i]).ShouldBe(entries);
    }

    [Fact]
    public void Every_byte_that_is_changed_is_noticed()
    {
        var (bytes, length) = Pack([.. Enumerable.Range(1, 20).Select(i => new RunEntry(i * 1_000_003L, i, i * 77))]);
        for (var at = 0; at < length; at++)
        {
            var changed = bytes[..length];
            changed[at] ^= 0x10;

            Should.Throw<SqliteFault>(() => new RunBlock().Load(changed, 1)).Damaged.ShouldBeTrue();
        }

        for (var shorter = 0; shorter < length; shorter++)
            Should.Throw<SqliteFault>(() => new RunBlock().Load(bytes.AsSpan(0, shorter), 1)).Damaged.ShouldBeTrue();
    }

    [Fact]
    public void The_first_entry_not_before_a_key_is_found_among_equal_hashes()
    {
        RunEntry[] entries = [new(-5, 0, 9), new(3, 1, 1), new(3, 2, 4), new(3, 2, 6), new(3, 7, 8), new(8, 1, 2)];
        var (bytes, length) = Pack(entries);
        var block = new RunBlock();
        block.Load(bytes.AsSpan(0, length), 1);

        for (long hash = -6; hash < 10; hash++)
        {
            for (long version = 0; version < 9; version++)
            {
                var expected = entries.TakeWhile(entry => RunEntry.IsBefore(in entry, new(hash, version, 0))).Count();
                block.LowerBound(hash, version).ShouldBe(expected, $"{hash}, {version}");
            }
        }
    }

    private static (byte[] Bytes, int Length) Pack(RunEntry[] entries)
    {
        var bytes = new byte[JournalLimits.IndexBlockBytes];
        var length = RunBlock.Pack(entries, entries.Aggregate(0L, (bits, e) => bits | e.Version), entries.Aggregate(0L, (bits, e) => bits | e.Position), bytes);
        return (bytes, length);
    }
}
