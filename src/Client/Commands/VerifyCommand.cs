using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ChainCrm.Client.Replay;
using ChainCrm.Client.Verify;

namespace ChainCrm.Client.Commands;

/// <summary><c>chaincrm verify</c>: adds the journal up again and compares.</summary>
internal static class VerifyCommand
{
    public static Command Create(ConnectionOptions connection)
    {
        var json = JsonOption.Create();
        var command = new Command(
            "verify",
            "Reads the whole journal, adds it up again with arithmetic of its own, and compares every balance, tier and total with the running "
            + "system and the read models. Prints what differs; exit code 1 if anything does.")
        { json };
        command.SetAction((arguments, cancellation) =>
        {
            var path = JsonOption.Path(arguments, json);
            return RunAsync(connection.Read(arguments), new Screen(arguments.InvocationConfiguration.Output), path, cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(ChainCrmClientOptions options, Screen screen, string? json, CancellationToken cancellation)
    {
        var words = json == "-" ? new Screen(TextWriter.Null) : screen;
        var clock = Stopwatch.StartNew();
        using var client = new ChainCrmClient(options);
        var differences = new Differences();
        var audit = new JournalAudit(differences);
        var reader = new JournalReader(client, audit);

        var running = await client.ProgrammeAsync(cancellation);
        audit.Know(running.Version, ProgrammeRules.Read(running.Document));
        var head = (await client.JournalAsync(0, 1, cancellation)).Head;
        await ProgressLine.RunAsync(words, "entries", head, advance => reader.ReadToHeadAsync(advance, cancellation), cancellation);
        var comparison = new SystemComparison(client, reader, audit, differences);
        await ProgressLine.RunAsync(words, "customers", audit.Customers.Count, advance => comparison.CustomersAsync(advance, cancellation), cancellation);
        await comparison.TotalsAsync(cancellation);

        var report = Report(audit, differences, clock.Elapsed);
        if (json is not null) await screen.WriteJsonAsync(json, JsonSerializer.SerializeToUtf8Bytes(report, IndentedJson.Default.VerifyReport), cancellation);
        Write(words, report);
        return report.DifferenceCount == 0 ? ExitCodes.Done : ExitCodes.Different;
    }

    private static VerifyReport Report(JournalAudit audit, Differences differences, TimeSpan elapsed) => new()
    {
        Position = audit.Position,
        Entries = audit.Entries,
        Events = audit.Events,
        Customers = audit.Customers.Count,
        Stores = audit.Stores.Count,
        Purchases = audit.Purchases,
        WalkIns = audit.WalkIns,
        Returns = audit.Returns,
        RevenueMinor = audit.RevenueMinor,
        NotChecked = audit.NotChecked,
        DifferenceCount = differences.Count,
        Differences = differences.Shown,
        Seconds = Math.Round(elapsed.TotalSeconds, 3),
    };

    private static void Write(Screen screen, VerifyReport report)
    {
        screen.Table("Added up from the journal", ["", "value"],
        [
            ["entries", Number(report.Entries)],
            ["events", Number(report.Events)],
            ["customers compared", Number(report.Customers)],
            ["stores compared", Number(report.Stores)],
            ["purchases by members", Number(report.Purchases)],
            ["sales to nobody known", Number(report.WalkIns)],
            ["returns", Number(report.Returns)],
            ["revenue, net of returns", MinorUnits.Format(report.RevenueMinor, 2)],
            .. report.NotChecked.Select(pair => new[] { "not checked: " + pair.Key, Number(pair.Value) }),
            ["differences", Number(report.DifferenceCount)],
            ["seconds", report.Seconds.ToString("N1", CultureInfo.InvariantCulture)],
        ]);
        if (report.DifferenceCount == 0)
        {
            screen.Line("No difference.");
            return;
        }

        screen.Table("Differences", ["where", "what", "expected", "found"], report.Differences.Select(d => new[] { d.Where, d.What, d.Expected, d.Found }), rightAlignedFrom: 2);
        if (report.DifferenceCount > report.Differences.Count)
            screen.Line(string.Create(CultureInfo.InvariantCulture, $"and {report.DifferenceCount - report.Differences.Count:N0} more."));
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
