using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace ChainCrm.Domain.Customers;

/// <summary>
/// The newest visits of a customer, newest first, at most <see cref="Limits.VisitsKept"/>, packed into one array of bytes. As objects their receipt numbers
/// would be the one thing of a sale that outlives it: fresh texts held by old states, which the garbage collector has to find and to move for every sale.
/// </summary>
internal struct RecentVisits
{
    // [0..1] bytes in use, [2] visits, then for each visit: time (8), bytes of the amount (1), of the store (1), of the receipt (1), and these three. The amount
    // without its leading zeros, the texts in UTF-8: at most 64 characters of three bytes each.
    private const int Header = 3;
    private const int Fixed = 8 + 1 + 1 + 1;
    private const int Slack = 8;
    private byte[]? _packed;

    /// <summary>How many there are.</summary>
    public readonly int Count => _packed is null ? 0 : _packed[2];

    private readonly int Used => _packed is null ? Header : BinaryPrimitives.ReadUInt16LittleEndian(_packed);

    /// <summary>Takes in a visit, in its place by time; one that is older than all that are kept is not.</summary>
    public void Add(Visit visit)
    {
        var (at, index) = (Header, 0);
        while (index < Count && TimeAt(at) > visit.OccurredAt.UnixMs)
        {
            at += LengthAt(at);
            index++;
        }

        if (index == Limits.VisitsKept) return;
        var used = Used;
        var count = Count;
        if (count == Limits.VisitsKept) used = OffsetOf(--count);
        var amount = sizeof(long) - (BitOperations.LeadingZeroCount((ulong)visit.Amount.Minor) / 8);
        var (store, receipt) = (Encoding.UTF8.GetByteCount(visit.Store.Value), Encoding.UTF8.GetByteCount(visit.Receipt));
        var length = Fixed + amount + store + receipt;
        var packed = _packed;
        if (packed is null || packed.Length < used + length)
        {
            // The first visits come one by one; a full set changes by a few bytes from sale to sale.
            packed = new byte[used + length + (count < Limits.VisitsKept - 1 ? 0 : Slack)];
            _packed?.AsSpan(0, Used).CopyTo(packed);
            _packed = packed;
        }

        packed.AsSpan(at, used - at).CopyTo(packed.AsSpan(at + length));
        var place = packed.AsSpan(at, length);
        BinaryPrimitives.WriteInt64LittleEndian(place, visit.OccurredAt.UnixMs);
        (place[8], place[9], place[10]) = ((byte)amount, checked((byte)store), checked((byte)receipt));
        var rest = place[Fixed..];
        Span<byte> whole = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(whole, visit.Amount.Minor);
        whole[..amount].CopyTo(rest);
        Encoding.UTF8.GetBytes(visit.Store.Value, rest.Slice(amount, store));
        Encoding.UTF8.GetBytes(visit.Receipt, rest[(amount + store)..]);
        BinaryPrimitives.WriteUInt16LittleEndian(packed, checked((ushort)(used + length)));
        packed[2] = (byte)(count + 1);
    }

    /// <summary>The store of the last visit up to a time; null when there is none.</summary>
    /// <param name="time">The time.</param>
    /// <param name="home">A text that is used for the answer when it is the same.</param>
    /// <param name="here">Another one.</param>
    public readonly StoreId? StoreBefore(Timestamp time, StoreId home, StoreId here)
    {
        var at = Header;
        for (var left = Count; left > 0; left--)
        {
            if (TimeAt(at) <= time.UnixMs) return Store(at, home, here);
            at += LengthAt(at);
        }

        return null;
    }

    /// <summary>All of them, newest first.</summary>
    /// <param name="home">A text that is used for stores that are the same.</param>
    public readonly Visit[] ToArray(StoreId home)
    {
        var visits = new Visit[Count];
        var at = Header;
        Span<byte> whole = stackalloc byte[sizeof(long)];
        for (var i = 0; i < visits.Length; i++)
        {
            var place = _packed.AsSpan(at, LengthAt(at));
            whole.Clear();
            place.Slice(Fixed, place[8]).CopyTo(whole);
            visits[i] = new Visit(
                Store(at, home, home), Encoding.UTF8.GetString(place[^place[10]..]), new Timestamp(TimeAt(at)),
                new Money(BinaryPrimitives.ReadInt64LittleEndian(whole)));
            at += LengthAt(at);
        }

        return visits;
    }

    private readonly StoreId Store(int at, StoreId home, StoreId here)
    {
        var text = _packed.AsSpan(at + Fixed + _packed![at + 8], _packed[at + 9]);
        return IsSame(text, home.Value) ? home : IsSame(text, here.Value) ? here : new StoreId(Encoding.UTF8.GetString(text));
    }

    // A text of another kind of letters is not found to be the same, and is made anew: that costs an object, nothing else.
    private static bool IsSame(ReadOnlySpan<byte> text, string? other) => Ascii.Equals(text, other);

    private readonly int OffsetOf(int index)
    {
        var at = Header;
        for (; index > 0; index--) at += LengthAt(at);
        return at;
    }

    private readonly long TimeAt(int at) => BinaryPrimitives.ReadInt64LittleEndian(_packed.AsSpan(at));

    private readonly int LengthAt(int at) => Fixed + _packed![at + 8] + _packed[at + 9] + _packed[at + 10];
}
