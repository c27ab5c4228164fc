using System.Globalization;
using ChainCrm.Grains.ReadModels;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChainCrm.Grains.Tests.ReadModels;

/// <summary>Read models over a file of the test, following a feed.</summary>
internal sealed class ReadModelProbe : IAsyncDisposable
{
    private static readonly string[] Tables =
        ["meta", "chain_totals", "store_totals", "store_days", "store_slots", "chain_slots", "customers", "flows", "stores", "access_keys", "programmes"];

    private readonly ListFeed _feed;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    private ReadModelProbe(SqliteReadModels models, ListFeed feed)
    {
        (Models, _feed) = (models, feed);
        _loop = models.RunAsync(feed, taken: null, _stop.Token);
    }

    public SqliteReadModels Models { get; }

    public static async Task<ReadModelProbe> OpenAsync(string path, ListFeed feed) =>
        new(await SqliteReadModels.OpenAsync(path, new ListJournal(feed), TimeProvider.System, NullLogger.Instance), feed);

    public Task ShownAsync() => Models.WaitForAsync(_feed.Head).OrSay("the read models showed the head");

    /// <summary>Every row of every table as text, in key order.</summary>
    public List<string> Dump() => Models.Query(connection =>
    {
        var lines = new List<string>();
        foreach (var table in Tables)
        {
            using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The names above are constants.
            command.CommandText = $"SELECT * FROM {table}";
#pragma warning restore CA2100 // As before.
            using var rows = command.ExecuteReader();
            while (rows.Read()) lines.Add(table + ": " + string.Join(" | ", Values(rows)));
        }

        return lines;
    });

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop.OrSay("the read models stopped");
        Models.Dispose();
        _stop.Dispose();
    }

    private static IEnumerable<string> Values(SqliteDataReader row) =>
        Enumerable.Range(0, row.FieldCount).Select(i => Convert.ToString(row.GetValue(i), CultureInfo.InvariantCulture)!);
}
