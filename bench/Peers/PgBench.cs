using System.Data.Common;
using System.Globalization;
using System.Text.RegularExpressions;
using ChainCrm.TestKit.Postgres;

namespace ChainCrm.Peers;

/// <summary>The plain endpoint's function without the endpoint: pgbench with prepared statements, on the tables that the endpoint made.</summary>
internal static partial class PgBench
{
    public const string Name = "pgbench, PL/pgSQL";

    public static async Task<Measured> MeasureAsync(Options options, TestPostgres postgres, int clients)
    {
        var connection = new DbConnectionStringBuilder { ConnectionString = postgres.Connection(database: "plain") };
        var output = await Tool.RunAsync("pgbench",
            [
                "-h", "127.0.0.1", "-p", postgres.Port.ToString(CultureInfo.InvariantCulture), "-U", TestPostgres.Administrator, "-n", "-M", "prepared", "-c", Text(clients),
                "-j", Text(Math.Min(clients, 2)), "-T", Text(options.Seconds), "-f", Path.Combine(Paths.Here, "purchase.pgbench"), "plain",
            ], new Dictionary<string, string> { ["PGPASSWORD"] = (string)connection["Password"] });
        return new(Name, $"{clients} clients", Number(Rate(), output), Number(Latency(), output), null);
    }

    private static double Number(Regex regex, string text) => double.Parse(regex.Match(text).Groups[1].Value, CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"tps = ([\d.]+)")]
    private static partial Regex Rate();

    [GeneratedRegex(@"latency average = ([\d.]+) ms")]
    private static partial Regex Latency();
}
