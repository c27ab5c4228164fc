using Microsoft.Data.Sqlite;

namespace ChainCrm.Grains.Storage;

/// <summary>A statement prepared once and run many times. Not thread-safe, as its connection is not.</summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly SqliteCommand _command;
    private readonly SqliteParameter[] _parameters;

    public SqliteStatement(SqliteConnection connection, string sql, int parameters)
    {
        _command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this assembly only; values travel as parameters.
        _command.CommandText = sql;
#pragma warning restore CA2100 // As before.
        _parameters = new SqliteParameter[parameters];
        for (var i = 0; i < parameters; i++)
        {
            _parameters[i] = _command.CreateParameter();
            _parameters[i].ParameterName = FormattableString.Invariant($"@{i}");
            _command.Parameters.Add(_parameters[i]);
        }
    }

    /// <summary>Fills one parameter.</summary>
    public SqliteStatement Set(int index, string? value) => SetValue(index, (object?)value ?? DBNull.Value);

    /// <summary>Fills one parameter.</summary>
    public SqliteStatement Set(int index, long? value) => SetValue(index, value is { } number ? number : DBNull.Value);

    /// <summary>Fills one parameter.</summary>
    public SqliteStatement Set(int index, byte[] value) => SetValue(index, value);

    /// <summary>Runs it; the number of rows changed.</summary>
    public int Run(SqliteTransaction? transaction = null)
    {
        _command.Transaction = transaction;
        return _command.ExecuteNonQuery();
    }

    /// <summary>Runs it for its rows.</summary>
    public SqliteDataReader Read(SqliteTransaction? transaction = null)
    {
        _command.Transaction = transaction;
        return _command.ExecuteReader();
    }

    public void Dispose() => _command.Dispose();

    private SqliteStatement SetValue(int index, object value)
    {
        _parameters[index].Value = value;
        return this;
    }
}
