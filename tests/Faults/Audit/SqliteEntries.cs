using Microsoft.Data.Sqlite;

namespace ChainCrm.Faults.Audit;

/// <summary>Reads journal.db beside the running server, for reading alone. Never used while no server runs: the last one to close would tidy up what the fault left.</summary>
internal sealed class SqliteEntries(string folder) : IEntryReader
{
    static SqliteEntries() => SQLitePCL.Batteries_V2.Init();

    public Task<List<Entry>> AllAsync() => Task.Run(() =>
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT position, stream, version, command, data FROM entries ORDER BY position";
        using var reader = command.ExecuteReader();
        var entries = new List<Entry>();
        while (reader.Read()) entries.Add(new Entry(reader.GetInt64(0), reader.GetString(1), reader.GetInt64(2), reader.GetString(3), reader.GetFieldValue<byte[]>(4)));
        return entries;
    });

    public Task<long> HeadAsync() => Task.Run(() =>
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT coalesce(max(position), 0) FROM entries";
        return (long)command.ExecuteScalar()!;
    });

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(folder, "journal.db"), Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ConnectionString);
        connection.Open();
        return connection;
    }
}
