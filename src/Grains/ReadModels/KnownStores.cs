using System.Text;

namespace ChainCrm.Grains.ReadModels;

/// <summary>
/// The different stores a customer bought at, at most <see cref="GrainLimits.StoresKeptPerCustomer"/>, as the customers table has them: names in
/// UTF-8, one a line. One buffer is used for one customer after the other, so that a store that is known already costs no memory.
/// </summary>
internal sealed class KnownStores
{
    private const byte Separator = (byte)'\n';
    private byte[] _names = new byte[256];
    private int _length;

    public int Count { get; private set; }

    /// <summary>A store was added since <see cref="Load"/>.</summary>
    public bool HasGrown { get; private set; }

    public ReadOnlySpan<byte> Utf8 => _names.AsSpan(0, _length);

    /// <summary>Begins with what the table has; empty for a customer it does not have.</summary>
    public void Load(ReadOnlySpan<byte> names)
    {
        EnsureRoom(names.Length);
        names.CopyTo(_names);
        _length = names.Length;
        Count = names.IsEmpty ? 0 : names.Count(Separator) + 1;
        HasGrown = false;
    }

    /// <summary>Adds a store, unless it is known or too many are.</summary>
    public void Add(string store)
    {
        if (Count >= GrainLimits.StoresKeptPerCustomer) return;
        // Written at once to where it would stand: there it can be compared byte by byte, and it stays when it is new.
        var start = Count == 0 ? 0 : _length + 1;
        EnsureRoom(start + Encoding.UTF8.GetMaxByteCount(store.Length));
        var end = start + Encoding.UTF8.GetBytes(store, _names.AsSpan(start));
        if (Has(_names.AsSpan(start, end - start))) return;
        if (Count > 0) _names[_length] = Separator;
        _length = end;
        Count++;
        HasGrown = true;
    }

    private bool Has(ReadOnlySpan<byte> store)
    {
        if (Count == 0) return false;
        var known = Utf8;
        foreach (var line in known.Split(Separator))
        {
            if (known[line].SequenceEqual(store)) return true;
        }

        return false;
    }

    private void EnsureRoom(int bytes)
    {
        if (_names.Length < bytes) Array.Resize(ref _names, bytes * 2);
    }
}
