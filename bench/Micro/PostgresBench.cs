using System.Diagnostics;
using System.Globalization;
using ChainCrm.Journal;
using ChainCrm.Journal.Postgres;
using Npgsql;

namespace ChainCrm.Micro;

/// <summary>Appends to the journal on PostgreSQL alone: rate, and processor time of this process and of the server's process for the connection, for several batch sizes. With
/// --against FILE a second schema gets the SQL of the file ({schema} stands for its name), both take turns round by round, and ratios within the run are shown.</summary>
internal static class PostgresBench
{
    private const int PayloadBytes = 950, PrefillBatch = 1_000;

    public static async Task<int> RunAsync(string[] args)
    {
        var connection = Text(args, "--connection") ?? throw new ArgumentException("--connection names the server: Host=...;Port=...;Database=...;Username=...");
        var (streams, prefill, rounds) = (Number(args, "--streams", 10_000), Number(args, "--prefill", 100_000), Number(args, "--rounds", 3));
        var time = TimeSpan.FromSeconds(Number(args, "--seconds", 2));
        Console.WriteLine($"PostgreSQL journal, {PayloadBytes}-byte payloads, {streams:N0} streams, {prefill:N0} entries before, {Environment.ProcessorCount} cores, medians of {rounds} rounds of {time.TotalSeconds} s");
        await using var plain = await Subject.OpenAsync(connection, "bench_plain", null, streams);
        await using var changed = Text(args, "--against") is { } file ? await Subject.OpenAsync(connection, "bench_changed", await File.ReadAllTextAsync(file), streams) : null;
        foreach (var subject in (Subject?[])[plain, changed])
        {
            for (var i = 0; subject is not null && i < prefill; i += PrefillBatch) await subject.AppendAsync(PrefillBatch);
        }

        Console.WriteLine("  batch   schema       entries/s   us/entry here   us/entry of the server   ratio of rates (least to most)");
        foreach (var size in (Text(args, "--sizes") ?? "1,32,128,512").Split(',').Select(text => int.Parse(text, CultureInfo.InvariantCulture)))
        {
            List<Round> before = [], after = [];
            for (var round = 0; round < rounds; round++)
            {
                before.Add(await plain.MeasureAsync(size, time));
                if (changed is not null) after.Add(await changed.MeasureAsync(size, time));
            }

            Show(size, "as it is", before, "");
            if (after.Count == 0) continue;
            var ratios = after.Zip(before, (a, b) => a.Rate / b.Rate).Order().ToList();
            Show(size, "changed", after, string.Create(CultureInfo.InvariantCulture, $"{Counters.Median(ratios):0.00} ({ratios[0]:0.00} to {ratios[^1]:0.00})"));
        }

        return 0;
    }

    private static void Show(int size, string name, List<Round> rounds, string ratio) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{size,7}   {name,-8} {Counters.Median(rounds.Select(r => r.Rate)),13:N0} {Counters.Median(rounds.Select(r => r.Here)),15:N1} {Counters.Median(rounds.Select(r => r.Server)),24:N1}   {ratio}"));

    private static string? Text(string[] args, string name) => Array.IndexOf(args, name) is >= 0 and var at ? args[at + 1] : null;

    private static int Number(string[] args, string name, int otherwise) => Text(args, name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private sealed record Round(double Rate, double Here, double Server);

    private sealed class Subject(PostgresJournal journal, NpgsqlConnection administrator, string schema, int streams) : IAsyncDisposable
    {
        private readonly Random random = new(11);
        private readonly int[] versions = new int[streams];
        private readonly byte[] payload = [.. Enumerable.Range(0, PayloadBytes).Select(i => (byte)('a' + i % 26))];
        private long serial;

        public static async Task<Subject> OpenAsync(string connection, string schema, string? change, int streams)
        {
            var administrator = new NpgsqlConnection(connection + ";Pooling=false");
            await administrator.OpenAsync();
            await RunAsync(administrator, $"SET client_min_messages = warning; DROP SCHEMA IF EXISTS {schema} CASCADE");
            PostgresJournalOptions options = new() { ConnectionString = $"{connection};Application Name={schema}", Schema = schema, Alone = true };
            await (await PostgresJournal.OpenAsync(options)).DisposeAsync();
            if (change is not null) await RunAsync(administrator, change.Replace("{schema}", schema, StringComparison.Ordinal));
            return new(await PostgresJournal.OpenAsync(options), administrator, schema, streams);
        }

        public async Task AppendAsync(int size)
        {
            var batch = new EntryToAppend[size];
            for (var i = 0; i < size; i++)
            {
                var stream = random.Next(versions.Length);
                batch[i] = new(string.Create(CultureInfo.InvariantCulture, $"main/customer/c-{stream * 7919L % 999_983:000000000000}"), versions[stream]++,
                    string.Create(CultureInfo.InvariantCulture, $"load-{stream % 50:0000}/receipt-{schema.Length}-{++serial:0000000000}"), true, 1_750_000_000_000 + serial, payload);
            }

            if (!(await journal.AppendAsync(batch)).Committed) throw new InvalidOperationException("A batch of the measurement conflicts.");
        }

        public async Task<Round> MeasureAsync(int size, TimeSpan time)
        {
            await AppendAsync(size);
            using var process = Process.GetCurrentProcess();
            var (here, server, began, batches) = (process.TotalProcessorTime, await ServerMicrosecondsAsync(), Stopwatch.GetTimestamp(), 0L);
            while (Stopwatch.GetElapsedTime(began) < time)
            {
                await AppendAsync(size);
                batches++;
            }

            var took = Stopwatch.GetElapsedTime(began);
            process.Refresh();
            double entries = batches * size;
            return new(entries / took.TotalSeconds, (process.TotalProcessorTime - here).TotalMicroseconds / entries, (await ServerMicrosecondsAsync() - server) / entries);
        }

        public async ValueTask DisposeAsync()
        {
            await journal.DisposeAsync();
            await administrator.DisposeAsync();
        }

        /// <summary>Processor time of the server's processes for this journal so far, when the server is on this machine; in steps of 10 ms.</summary>
        private async Task<double> ServerMicrosecondsAsync()
        {
            await using var command = new NpgsqlCommand($"SELECT coalesce(array_agg(pid), '{{}}') FROM pg_stat_activity WHERE application_name = '{schema}'", administrator);
            var total = 0.0;
            foreach (var pid in (int[])(await command.ExecuteScalarAsync())!)
            {
                var file = $"/proc/{pid}/stat";
                if (!File.Exists(file)) continue;
                // After the name in brackets: user and system time are the 12th and 13th, in hundredths of a second.
                var fields = (await File.ReadAllTextAsync(file)).Split(") ")[^1].Split(' ');
                total += 10_000.0 * (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture));
            }

            return total;
        }

        private static async Task RunAsync(NpgsqlConnection connection, string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
            await command.ExecuteNonQueryAsync();
        }
    }
}
