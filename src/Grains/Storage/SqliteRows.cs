using System.Text;
using SQLitePCL;

namespace ChainCrm.Grains.Storage;

/// <summary>The rows of one run of a <see cref="SqliteStatement"/>, read one after the other; to be disposed before the statement is used again.</summary>
internal readonly ref struct SqliteRows
{
    private readonly SqliteStatement _statement;
    private readonly long _read;

    internal SqliteRows(SqliteStatement statement, long read) => (_statement, _read) = (statement, read);

    private sqlite3_stmt Handle => _statement.Open(_read);

    /// <summary>To the next row; false at the end.</summary>
    public bool Read() => _statement.Step(_read);

    public bool IsDBNull(int column) => raw.sqlite3_column_type(Handle, column) == raw.SQLITE_NULL;

    /// <exception cref="InvalidOperationException">It is null.</exception>
    public long GetInt64(int column)
    {
        var value = raw.sqlite3_column_int64(Handle, column);
        // SQLite answers 0 for null, so only then it has to be asked which one it is.
        if (value == 0) ThrowIfNull(column);
        return value;
    }

    /// <exception cref="InvalidOperationException">It is null.</exception>
    /// <exception cref="OverflowException">It needs more than 32 bits.</exception>
    public int GetInt32(int column) => checked((int)GetInt64(column));

    /// <exception cref="InvalidOperationException">It is null.</exception>
    public string GetString(int column) => Encoding.UTF8.GetString(GetBytes(column));

    /// <summary>A blob, or the UTF-8 of a text, in SQLite's memory: gone with the next row and with the rows.</summary>
    /// <exception cref="InvalidOperationException">It is null.</exception>
    public ReadOnlySpan<byte> GetBytes(int column)
    {
        var bytes = raw.sqlite3_column_blob(Handle, column);
        if (bytes.IsEmpty) ThrowIfNull(column);
        return bytes;
    }

    /// <summary>The statement can be used again. Once is enough; more often does no harm.</summary>
    public void Dispose() => _statement.Close(_read);

    private void ThrowIfNull(int column)
    {
        if (IsDBNull(column)) throw new InvalidOperationException($"Column {column} is null.");
    }
}
