using System.Globalization;
using ChainCrm.TestKit.Postgres;

namespace ChainCrm.Faults.Audit;

/// <summary>Reads the table of entries through psql.</summary>
internal sealed class PostgresEntries(TestPostgres server) : IEntryReader
{
    public async Task<List<Entry>> AllAsync()
    {
        var rows = await server.SqlAsync("SELECT position, stream, version, command, encode(data, 'hex') FROM chaincrm.entries ORDER BY position");
        return [.. rows.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(row => row.Split('|')).Select(row =>
            new Entry(Number(row[0]), row[1], Number(row[2]), row[3], Convert.FromHexString(row[4])))];
    }

    public async Task<long> HeadAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(FaultsLimits.RetryMs));
        var until = Environment.TickCount64 + FaultsLimits.PatienceSeconds * 1_000L;
        while (true)
        {
            try
            {
                return Number(await server.SqlAsync("SELECT coalesce(max(position), 0) FROM chaincrm.entries"));
            }
            catch (InvalidOperationException) when (Environment.TickCount64 < until)
            {
                // A server that panicked recovers by itself and lets nobody in meanwhile.
                await timer.WaitForNextTickAsync();
            }
        }
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
