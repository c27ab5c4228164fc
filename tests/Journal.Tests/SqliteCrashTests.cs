using System.Diagnostics;
using System.Globalization;
using ChainCrm.Journal.Sqlite;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace ChainCrm.Journal.Tests;

/// <summary>tests/Journal.Crasher appends and says what was acknowledged to it; it is killed in the middle of it, again and again, on one journal.</summary>
public sealed class SqliteCrashTests(ITestOutputHelper output) : IDisposable
{
    private const int Kills = 12;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task What_was_acknowledged_survives_every_kill_and_nothing_is_half_there()
    {
        var random = new Random(20_250_101);
        for (var kill = 1; kill <= Kills; kill++)
        {
            var acknowledged = await RunAndKillAsync(kill, acksBeforeTheKill: random.Next(10, 120));

            // Every third time this process looks, and closes in good order; in between the next child finds what the kill left.
            if (kill % 3 == 0) await CheckAsync(acknowledged);
        }
    }

    [Fact]
    public async Task The_folder_of_a_living_process_is_refused_and_that_of_a_killed_one_is_free()
    {
        using var child = Start(1);
        await NextAckAsync(child);

        await Should.ThrowAsync<JournalUnusableException>(() => SqliteJournal.OpenAsync(new() { Folder = folder.Path }));
        var acknowledged = await NextAckAsync(child);
        child.Kill();
        await child.WaitForExitAsync().WaitAsync(Patience);

        await CheckAsync(acknowledged);
    }

    private async Task<long> RunAndKillAsync(int run, int acksBeforeTheKill)
    {
        using var child = Start(run);
        long acknowledged = 0;
        for (var i = 0; i < acksBeforeTheKill; i++) acknowledged = await NextAckAsync(child);
        child.Kill();

        // What it had still said before it died counts as well, but for a line that it did not get to end.
        var rest = await child.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
        await child.WaitForExitAsync().WaitAsync(Patience);
        var last = rest.Split('\n').SkipLast(1).LastOrDefault(l => l.StartsWith("ack ", StringComparison.Ordinal));
        if (last is not null) acknowledged = Position(last);
        output.WriteLine($"run {run}: killed after position {acknowledged} was acknowledged");
        return acknowledged;
    }

    private async Task CheckAsync(long acknowledged)
    {
        await using var journal = await SqliteJournal.OpenAsync(new() { Folder = folder.Path });
        journal.Head.ShouldBeGreaterThanOrEqualTo(acknowledged);
        Dictionary<string, long> versions = [];
        foreach (var entry in await journal.AllAsync())
        {
            var version = versions[entry.Stream] = versions.GetValueOrDefault(entry.Stream) + 1;
            entry.Version.ShouldBe(version);
            entry.CommandId.ShouldBe($"command {version}");
            entry.Text().ShouldStartWith($"{entry.Stream["main/customer/".Length..]}:{version}:");
        }

        versions.Values.Sum().ShouldBe(journal.Head);
        foreach (var (stream, version) in versions)
        {
            var newest = (await journal.ReadStreamBackwardAsync(stream, long.MaxValue, 1)).ShouldHaveSingleItem();
            newest.Version.ShouldBe(version);
            (await journal.FindCommandAsync(stream, "command 1"))!.Version.ShouldBe(1);
            (await journal.FindCommandAsync(stream, $"command {version}"))!.Version.ShouldBe(version);
            (await journal.AppendAsync([Given.Entry(stream, version, "command 1")])).Committed.ShouldBeFalse();
        }

        (await journal.ValidateAsync()).ShouldBeEmpty();
    }

    private Process Start(int run)
    {
        var crasher = Path.Combine(AppContext.BaseDirectory, "ChainCrm.Journal.Crasher.dll");
        return Process.Start(new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            ArgumentList = { "exec", crasher, folder.Path, run.ToString(CultureInfo.InvariantCulture) },
            RedirectStandardOutput = true,
        }) ?? throw new InvalidOperationException("The child did not start.");
    }

    private static async Task<long> NextAckAsync(Process child)
    {
        while (true)
        {
            var line = await child.StandardOutput.ReadLineAsync().WaitAsync(Patience);
            if (line is null) throw new InvalidOperationException("The child ended before it was killed; its error output says why.");
            if (line.StartsWith("ack ", StringComparison.Ordinal)) return Position(line);
        }
    }

    private static long Position(string ack) => long.Parse(ack.AsSpan("ack ".Length), CultureInfo.InvariantCulture);
}
