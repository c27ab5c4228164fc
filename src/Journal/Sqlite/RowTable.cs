using System.Numerics;

namespace ChainCrm.Journal.Sqlite;

/// <summary>
/// Finds rows of an array by a key that the rows themselves hold: open addressing, four bytes a place, at most half of them taken. Each place keeps, beside
/// the number of its row, as many bits of the key as there is room for, so that a look-up of what is not here hardly ever touches a row. Not thread-safe.
/// </summary>
internal sealed class RowTable<TRow, TKey>
    where TKey : IRowKey<TRow>
{
    private uint[] places = [];
    private uint rowMask;

    public RowTable(int rowsSize) => Size(rowsSize);

    /// <summary>The row put last under the key, -1 when there is none.</summary>
    public int Find(ReadOnlySpan<TRow> rows, TextKey key)
    {
        var tag = TagOf(key);
        for (var at = PlaceOf(key); places[at] != 0; at = (at + 1) & (places.Length - 1))
        {
            if (IsOf(rows, key, tag, places[at], out var row)) return row;
        }

        return -1;
    }

    /// <summary>Puts a row under the key, in place of the one before.</summary>
    /// <returns>The one before, -1 when there was none.</returns>
    public int Put(ReadOnlySpan<TRow> rows, TextKey key, int row)
    {
        var tag = TagOf(key);
        var at = PlaceOf(key);
        var previous = -1;
        for (; places[at] != 0; at = (at + 1) & (places.Length - 1))
        {
            if (IsOf(rows, key, tag, places[at], out previous)) break;
            previous = -1;
        }

        // Zero is an empty place, so rows are counted from one.
        places[at] = tag | ((uint)row + 1);
        return previous;
    }

    public void Clear() => Array.Clear(places);

    /// <summary>Makes room for a larger array of rows.</summary>
    public void Resize(ReadOnlySpan<TRow> rows, int count)
    {
        Size(rows.Length);
        for (var row = 0; row < count; row++) _ = Put(rows, TKey.Of(in rows[row]), row);
    }

    private void Size(int rowsSize)
    {
        places = new uint[BitOperations.RoundUpToPowerOf2((uint)rowsSize * 2)];

        // A row's number plus one is at most the number of rows, which is half of the places.
        rowMask = (uint)places.Length - 1;
    }

    /// <summary>The key's halves are hashes; the place comes from the first and the tag from the second.</summary>
    private int PlaceOf(TextKey key) => (int)(key.First & (uint)(places.Length - 1));

    private uint TagOf(TextKey key) => (uint)(key.Second & uint.MaxValue) & ~rowMask;

    private bool IsOf(ReadOnlySpan<TRow> rows, TextKey key, uint tag, uint place, out int row)
    {
        row = (int)(place & rowMask) - 1;
        return (place & ~rowMask) == tag && TKey.Of(in rows[row]) == key;
    }
}

/// <summary>Where a row holds its key.</summary>
internal interface IRowKey<TRow>
{
    /// <summary>The key of the row.</summary>
    static abstract TextKey Of(in TRow row);
}
