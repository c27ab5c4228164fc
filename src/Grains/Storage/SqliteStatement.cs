using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ChainCrm.Grains.Storage;

/// <summary>
/// A statement prepared once and run many times, without leaving anything to collect: it speaks to SQLite itself, because a command of
/// Microsoft.Data.Sqlite makes a reader and boxes at each run. It takes part in whatever transaction its connection has open.
/// </summary>
/// <remarks>
/// Not thread-safe, as its connection is not; to be disposed before it. Prepared at the first use, so that a damaged file shows where it is
/// read. While its rows are open nothing else can be done with it. Failures are <see cref="SqliteException"/>; a value stays set until another is.
/// </remarks>
internal sealed class SqliteStatement(SqliteConnection connection, string sql) : IDisposable
{
    private const uint Persistent = 1;
    private const int StackBytes = 256;
    private sqlite3? _database;
    private sqlite3_stmt? _handle;

    // Where SQLite has the parameter @0, @1 ...: it numbers names in the order it meets them.
    private int[] _places = [];
    private long _reads;
    private bool _hasOpenRows;
    private bool _isAtEnd;
    private bool _isDisposed;

    /// <summary>Fills one parameter with text.</summary>
    public SqliteStatement Set(int index, string? value) => value is null ? SetNull(index) : Set(index, value.AsSpan());

    /// <summary>Fills one parameter with text.</summary>
    public SqliteStatement Set(int index, ReadOnlySpan<char> value)
    {
        const int bytesPerCharMax = 3;
        if (value.Length <= StackBytes / bytesPerCharMax)
        {
            Span<byte> small = stackalloc byte[StackBytes];
            return SetUtf8(index, small[..Encoding.UTF8.GetBytes(value, small)]);
        }

        var rented = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(value.Length));
        try
        {
            return SetUtf8(index, rented.AsSpan(0, Encoding.UTF8.GetBytes(value, rented)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Fills one parameter with text that is UTF-8 already.</summary>
    public SqliteStatement SetUtf8(int index, ReadOnlySpan<byte> value)
    {
        var handle = Ready();
        return Checked(raw.sqlite3_bind_text(handle, _places[index], value));
    }

    /// <summary>Fills one parameter with a number.</summary>
    public SqliteStatement Set(int index, long? value)
    {
        if (value is not { } number) return SetNull(index);
        var handle = Ready();
        return Checked(raw.sqlite3_bind_int64(handle, _places[index], number));
    }

    /// <summary>Fills one parameter with bytes.</summary>
    public SqliteStatement Set(int index, ReadOnlySpan<byte> value)
    {
        var handle = Ready();
        return Checked(raw.sqlite3_bind_blob(handle, _places[index], value));
    }

    /// <summary>Fills one parameter with null.</summary>
    public SqliteStatement SetNull(int index)
    {
        var handle = Ready();
        return Checked(raw.sqlite3_bind_null(handle, _places[index]));
    }

    /// <summary>Runs it; the number of rows that an insert, update or delete changed, without meaning for any other statement.</summary>
    public int Run()
    {
        var handle = Ready();
        try
        {
            int code;
            do code = raw.sqlite3_step(handle);
            while (code == raw.SQLITE_ROW);
            Checked(code);
            return raw.sqlite3_changes(_database!);
        }
        finally
        {
            Reset(handle);
        }
    }

    /// <summary>Runs it for its rows, which are to be disposed before the statement is used again.</summary>
    public SqliteRows Read()
    {
        Ready();
        (_hasOpenRows, _isAtEnd) = (true, false);
        return new SqliteRows(this, ++_reads);
    }

    public void Dispose()
    {
        _isDisposed = true;
        _handle?.Dispose();
        _handle = null;
    }

    /// <summary>To the next row; false at the end.</summary>
    internal bool Step(long read)
    {
        var handle = Open(read);
        // Another step after the end would begin anew.
        if (_isAtEnd) return false;
        var code = raw.sqlite3_step(handle);
        if (code == raw.SQLITE_ROW) return true;
        _isAtEnd = true;
        Checked(code);
        return false;
    }

    /// <summary>What a reading is done with, as long as it lasts.</summary>
    internal sqlite3_stmt Open(long read) =>
        _hasOpenRows && read == _reads && _handle is { } handle ? handle : throw new InvalidOperationException($"These rows were disposed: {sql}");

    /// <summary>Ends a reading, once.</summary>
    internal void Close(long read)
    {
        if (!_hasOpenRows || read != _reads) return;
        _hasOpenRows = false;
        if (_handle is { } handle) Reset(handle);
    }

    // What a reset answers repeats the fault of the last step, which has been thrown already.
    private static void Reset(sqlite3_stmt handle) => _ = raw.sqlite3_reset(handle);

    private sqlite3_stmt Ready()
    {
        if (_hasOpenRows) throw new InvalidOperationException($"The rows of this statement are still being read: {sql}");
        return _handle ?? Prepare();
    }

    private sqlite3_stmt Prepare()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _database = connection.Handle ?? throw new InvalidOperationException("The connection is not open.");
        Checked(raw.sqlite3_prepare_v3(_database, sql, Persistent, out var handle));
        var places = new int[raw.sqlite3_bind_parameter_count(handle)];
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = raw.sqlite3_bind_parameter_index(handle, string.Create(CultureInfo.InvariantCulture, $"@{i}"));
            if (places[i] == 0) throw new InvalidOperationException($"The parameters are not @0 to @{places.Length - 1}: {sql}");
        }

        _places = places;
        return _handle = handle;
    }

    private SqliteStatement Checked(int code)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_DONE)) SqliteException.ThrowExceptionForRC(code, _database);
        return this;
    }
}
