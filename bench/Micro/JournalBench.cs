using System.Diagnostics;
using System.Globalization;
using ChainCrm.Journal;
using ChainCrm.Journal.Sqlite;

namespace ChainCrm.Micro;

/// <summary>The SQLite journal alone: rate, bytes written and allocated per entry for several batch sizes, and the time a restart takes.</summary>
internal static class JournalBench
{
    private const int PayloadBytes = 400, Repeats = 3;

    public static async Task<int> RunAsync(string[] args)
    {
        var entries = Option(args, "--entries", 60_000);
        var streams = Option(args, "--streams", 1_000_000);
        var restart = Option(args, "--restart", 1_000_000);
        var folder = Array.IndexOf(args, "--folder") is >= 0 and var at ? args[at + 1] : Path.GetTempPath();
        Console.WriteLine($"SQLite journal, {PayloadBytes}-byte payloads, {streams:N0} streams, {Environment.ProcessorCount} cores, medians of {Repeats}");
        Console.WriteLine("  batch  entries   entries/s   commit p50 ms   p99 ms    max ms   written B/entry   allocated B/entry   us/entry: this thread, all threads");
        await AppendAsync(folder, entries, streams);
        if (restart > 0) await RestartAsync(folder, restart, streams);
        return 0;
    }

    /// <summary>On one journal in which every stream has an entry already, so that the tables in memory that grow once have grown.</summary>
    private static async Task AppendAsync(string parent, int entries, int streams)
    {
        var folder = Directory.CreateDirectory(Path.Combine(parent, $"micro-{Guid.NewGuid():N}")).FullName;
        try
        {
            await using var journal = await SqliteJournal.OpenAsync(new() { Folder = folder });
            var versions = new int[streams];
            var began = Stopwatch.GetTimestamp();
            await new Feeder(1_000, versions, 0).AppendToAllAsync(journal);
            Console.WriteLine($"  first entry of each stream, batches of 1,000: {streams / Stopwatch.GetElapsedTime(began).TotalSeconds:N0} a second");
            foreach (var (size, count) in new[] { (1, entries / 20), (64, entries), (500, entries * 5), (1_000, entries * 5) })
            {
                List<Run> runs = [];
                for (var repeat = 0; repeat < Repeats; repeat++)
                {
                    await journal.FlushIndexAsync();
                    runs.Add(await MeasureAsync(journal, new Feeder(size, versions, size + repeat), count / size, size));
                }

                double Of(Func<Run, double> pick) => Counters.Median(runs.Select(pick));
                Console.WriteLine($"{size,7} {count,8:N0} {Of(r => r.Rate),11:N0} {Of(r => r.P50),15:N3} {Of(r => r.P99),8:N2} {Of(r => r.Max),9:N1} "
                    + $"{Of(r => r.Written),17:N0} {Of(r => r.Allocated),19:N0} {Of(r => r.Own),21:N2} {Of(r => r.Cpu),12:N2}");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<Run> MeasureAsync(SqliteJournal journal, Feeder feeder, int batches, int size)
    {
        var commits = new double[batches];
        double own = 0, seconds = 0;
        long allocated = 0;
        using var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime;
        var all = new Counters();
        for (var i = 0; i < batches; i++)
        {
            feeder.Fill();
            var counters = new Counters();
            await feeder.AppendFilledAsync(journal);
            allocated += counters.Allocated;
            commits[i] = counters.Elapsed.TotalMilliseconds;
            own += counters.ThreadMicroseconds;
            seconds += commits[i] / 1_000;
        }

        await journal.FlushIndexAsync();
        process.Refresh();
        cpu = process.TotalProcessorTime - cpu;
        double written = (double)batches * size;
        return new(written / seconds, Counters.Quantile(commits, 0.5), Counters.Quantile(commits, 0.99), commits.Max(),
            all.Written / written, allocated / written, own / written, cpu.TotalMicroseconds / written);
    }

    private sealed record Run(double Rate, double P50, double P99, double Max, double Written, double Allocated, double Own, double Cpu);

    private static async Task RestartAsync(string parent, int count, int streams)
    {
        var folder = Directory.CreateDirectory(Path.Combine(parent, $"micro-{Guid.NewGuid():N}")).FullName;
        try
        {
            var feeder = new Feeder(1_000, new int[streams], 7);
            await using (var journal = await SqliteJournal.OpenAsync(new() { Folder = folder }))
            {
                while (journal.Head < count) await feeder.AppendAsync(journal);
                var settling = Stopwatch.GetTimestamp();
                await journal.FlushIndexAsync();
                Console.WriteLine($"index caught up {Stopwatch.GetElapsedTime(settling).TotalSeconds:N2} s after the last of {count:N0} appends");
            }

            Console.WriteLine($"journal.db {new FileInfo(Path.Combine(folder, "journal.db")).Length / count} B/entry, index.db {new FileInfo(Path.Combine(folder, "index.db")).Length / count} B/entry");
            await OpenAsync(folder, $"restart, {count:N0} entries, all indexed");
            File.Copy(Path.Combine(folder, "index.db"), Path.Combine(folder, "index.old"));
            await using (var journal = await SqliteJournal.OpenAsync(new() { Folder = folder }))
            {
                while (journal.Head < count + 100_000) await feeder.AppendAsync(journal);
            }

            File.Move(Path.Combine(folder, "index.old"), Path.Combine(folder, "index.db"), overwrite: true);
            await OpenAsync(folder, "restart, 100,000 entries not indexed");
            File.Delete(Path.Combine(folder, "index.db"));
            await OpenAsync(folder, "restart, index.db missing");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task OpenAsync(string folder, string what)
    {
        var began = Stopwatch.GetTimestamp();
        var journal = await SqliteJournal.OpenAsync(new() { Folder = folder });
        var opened = Stopwatch.GetElapsedTime(began);
        var last = (await journal.ReadAfterAsync(journal.Head - 1, 1))[0];
        var found = await journal.FindCommandAsync(last.Stream, last.CommandId);
        var answered = Stopwatch.GetElapsedTime(began);
        var next = await journal.AppendAsync([new(last.Stream, last.Version, $"after-{Guid.NewGuid():N}", false, 0, last.Data)]);
        var appended = Stopwatch.GetElapsedTime(began);
        Console.WriteLine($"{what}: open {opened.TotalMilliseconds:N0} ms, first command found {answered.TotalMilliseconds:N0} ms ({found is not null}), "
            + $"first append {appended.TotalMilliseconds:N0} ms ({next.Committed})");
        await journal.DisposeAsync();
    }

    private static int Option(string[] args, string name, int otherwise) =>
        Array.IndexOf(args, name) is >= 0 and var at ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : otherwise;

    /// <summary>Entries over many streams at random; knows their versions as the engine would.</summary>
    private sealed class Feeder(int size, int[] versions, int seed)
    {
        private readonly Random random = new(seed);
        private readonly EntryToAppend[] batch = new EntryToAppend[size];
        private readonly byte[] payload = [.. Enumerable.Range(0, PayloadBytes).Select(i => (byte)('a' + i % 26))];
        private long serial;

        public void Fill()
        {
            for (var i = 0; i < batch.Length; i++) Fill(i, random.Next(versions.Length));
        }

        public async Task AppendToAllAsync(SqliteJournal journal)
        {
            for (var stream = 0; stream + batch.Length <= versions.Length; stream += batch.Length)
            {
                for (var i = 0; i < batch.Length; i++) Fill(i, stream + i);
                await AppendFilledAsync(journal);
            }
        }

        public async Task AppendFilledAsync(SqliteJournal journal)
        {
            var result = journal.AppendAsync(batch);
            if (!(result.IsCompleted ? result.Result : await result).Committed) throw new InvalidOperationException("A measured batch conflicts.");
        }

        public Task AppendAsync(SqliteJournal journal)
        {
            Fill();
            return AppendFilledAsync(journal);
        }

        private void Fill(int i, int stream) => batch[i] = new(
            $"main/customer/c{stream:x16}", versions[stream]++, $"store-{stream % 50:d3}/{seed}-{serial++:d9}", true, 1_750_000_000_000 + serial, payload);
    }
}
