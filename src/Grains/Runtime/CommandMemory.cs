using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace ChainCrm.Grains.Runtime;

/// <summary>
/// What a grain remembers of the commands its stream holds: the hashes of the newest exactly, all older ones in a small filter that says
/// "certainly not" or "maybe". Only a maybe costs a look-up in the journal, so a new sale never reads an index. Never forgets: a command
/// added once is a maybe for ever.
/// </summary>
/// <remarks>
/// The filter grows by slices (64, 64, 128, 256 bytes, then three times what there is), because the ids themselves are not kept and so can't be put
/// into a larger one. Each slice takes ten bits per id (about one false maybe in a hundred, so some in a hundred with all of them); beyond twenty-six
/// thousand ids the last one fills up and maybes become common, which costs look-ups and never correctness.
/// </remarks>
internal struct CommandMemory
{
    private const int RecentCount = 8;
    private const int BitsPerId = 10;
    private const int Probes = 4;
    private static readonly int[] SliceEnds = [64, 128, 256, 512, 2_048, 8_192, 32_768];

    private Recent _recent;
    private byte[]? _filter;

    /// <summary>Commands added so far.</summary>
    public int Count { get; private set; }

    /// <summary>False when the command was certainly never added.</summary>
    public readonly bool MayHold(ulong hash)
    {
        ReadOnlySpan<ulong> recent = _recent;
        return recent[..Math.Min(Count, RecentCount)].Contains(hash) || MayBeOlder(hash);
    }

    /// <summary>Remembers a command.</summary>
    public void Add(ulong hash)
    {
        ref var place = ref _recent[Count % RecentCount];
        if (Count >= RecentCount)
            AddOlder(place, Count - RecentCount);
        place = hash;
        Count++;
    }

    /// <summary>Bytes that <see cref="Write"/> needs.</summary>
    public readonly int WrittenLength => sizeof(int) + Math.Min(Count, RecentCount) * sizeof(ulong) + sizeof(int) + (_filter?.Length ?? 0);

    /// <summary>Writes everything remembered.</summary>
    public readonly void Write(Span<byte> output)
    {
        BinaryPrimitives.WriteInt32LittleEndian(output, Count);
        output = output[sizeof(int)..];
        for (var i = 0; i < Math.Min(Count, RecentCount); i++, output = output[sizeof(ulong)..])
            BinaryPrimitives.WriteUInt64LittleEndian(output, _recent[i]);
        BinaryPrimitives.WriteInt32LittleEndian(output, _filter?.Length ?? 0);
        _filter?.CopyTo(output[sizeof(int)..]);
    }

    /// <summary>Reads what <see cref="Write"/> wrote; false when the bytes are not that.</summary>
    public static bool TryRead(ref ReadOnlySpan<byte> input, out CommandMemory memory)
    {
        memory = default;
        if (!TryReadInt32(ref input, out var count) || count < 0)
            return false;
        memory.Count = count;
        for (var i = 0; i < Math.Min(count, RecentCount); i++, input = input[sizeof(ulong)..])
        {
            if (input.Length < sizeof(ulong))
                return false;
            memory._recent[i] = BinaryPrimitives.ReadUInt64LittleEndian(input);
        }
        if (!TryReadInt32(ref input, out var length) || length < 0 || length > input.Length || length != FilterLength(count - RecentCount))
            return false;
        memory._filter = length == 0 ? null : input[..length].ToArray();
        input = input[length..];
        return true;
    }

    private static bool TryReadInt32(ref ReadOnlySpan<byte> input, out int value)
    {
        value = 0;
        if (input.Length < sizeof(int))
            return false;
        value = BinaryPrimitives.ReadInt32LittleEndian(input);
        input = input[sizeof(int)..];
        return true;
    }

    private void AddOlder(ulong hash, int olderBefore)
    {
        var length = FilterLength(olderBefore + 1);
        if (_filter is null)
            _filter = new byte[length];
        else if (_filter.Length < length)
            Array.Resize(ref _filter, length);
        var slice = LastSlice(length);
        for (var probe = 0; probe < Probes; probe++)
        {
            var bit = Bit(hash, probe, slice.Length);
            _filter[slice.Start + bit / 8] |= (byte)(1 << (bit % 8));
        }
    }

    private readonly bool MayBeOlder(ulong hash)
    {
        if (_filter is null)
            return false;
        var start = 0;
        foreach (var end in SliceEnds)
        {
            if (end > _filter.Length)
                return false;
            if (AllSet(_filter.AsSpan(start, end - start), hash))
                return true;
            start = end;
        }
        return false;
    }

    private static bool AllSet(ReadOnlySpan<byte> slice, ulong hash)
    {
        for (var probe = 0; probe < Probes; probe++)
        {
            var bit = Bit(hash, probe, slice.Length);
            if ((slice[bit / 8] & (1 << (bit % 8))) == 0)
                return false;
        }
        return true;
    }

    /// <summary>Length of the filter once it holds this many ids.</summary>
    private static int FilterLength(int older)
    {
        if (older <= 0)
            return 0;
        foreach (var end in SliceEnds)
            if (older <= end * 8 / BitsPerId)
                return end;
        return SliceEnds[^1];
    }

    private static (int Start, int Length) LastSlice(int filterLength)
    {
        var index = Array.IndexOf(SliceEnds, filterLength);
        var start = index == 0 ? 0 : SliceEnds[index - 1];
        return (start, filterLength - start);
    }

    private static int Bit(ulong hash, int probe, int sliceBytes)
    {
        // Two halves of the hash make as many independent places as needed; 64 bits hold the sum without overflow.
        var low = hash & uint.MaxValue;
        var high = (hash >> 32) | 1;
        return (int)((low + (ulong)probe * high) % (ulong)(sliceBytes * 8));
    }

    [InlineArray(RecentCount)]
    private struct Recent
    {
        // The runtime repeats this field; it is only reached through the array.
        private ulong _first;
    }
}
