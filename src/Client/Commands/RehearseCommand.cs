using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ChainCrm.Client.Replay;
using ChainCrm.Client.Wire;

namespace ChainCrm.Client.Commands;

/// <summary><c>chaincrm rehearse</c>: a draft of the programme on the chain's own last days, on the server.</summary>
internal static class RehearseCommand
{
    public static Command Create(ConnectionOptions connection)
    {
        var json = JsonOption.Create();
        var document = new Option<string?>("--document") { Description = "The draft, a programme document; left out: the rules that booked, which must give the same points.", HelpName = "FILE" };
        var days = new Option<int?>("--days") { Description = "Days back from now; 90 when left out.", HelpName = "N" };
        var command = new Command(
            "rehearse",
            "Decides every command of the last days again under a draft of the programme, on the server, and shows what it would have cost, store by store. Nothing is booked. "
            + "Without a draft, exit code 1 when any points differ from what was booked.")
        { document, days, json };
        command.SetAction((arguments, cancellation) => RunAsync(
            connection.Read(arguments), new Screen(arguments.InvocationConfiguration.Output), arguments.GetValue(document), arguments.GetValue(days), JsonOption.Path(arguments, json), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ChainCrmClientOptions options, Screen screen, string? document, int? days, string? json, CancellationToken cancellation)
    {
        var words = json == "-" ? new Screen(TextWriter.Null) : screen;
        using var client = new ChainCrmClient(options);
        JsonElement? draft = document is null ? null : Read(await File.ReadAllTextAsync(document, cancellation), document);
        var view = await client.BeginRehearsalAsync(new RehearsalRequest { Document = draft, Days = days }, cancellation);
        await ProgressLine.RunAsync(words, "customers", view.Of, async advance => view = await FollowAsync(client, view, advance, cancellation), cancellation);
        if (view.State != "done") throw new ChainCrmException($"The rehearsal ended as {view.State}.");
        if (json is not null) await screen.WriteJsonAsync(json, JsonSerializer.SerializeToUtf8Bytes(view, IndentedJson.Default.RehearsalView), cancellation);
        Write(words, view);
        return !view.HasDraft && view.Different > 0 ? ExitCodes.Different : ExitCodes.Done;
    }

    private static async Task<RehearsalView> FollowAsync(ChainCrmClient client, RehearsalView view, Action<long> advance, CancellationToken cancellation)
    {
        var told = 0L;
        try
        {
            while (true)
            {
                advance(view.Done - told);
                told = view.Done;
                if (view.State != "running") return view;
                await Task.Delay(ClientLimits.RehearsalLookEveryMs, cancellation);
                view = await client.RehearsalAsync(view.Id, cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            // Whoever stops the command wants the server to stop, too.
            await client.CancelRehearsalAsync(view.Id, CancellationToken.None);
            throw;
        }
    }

    private static JsonElement Read(string text, string file)
    {
        try
        {
            using var parsed = JsonDocument.Parse(text);
            return parsed.RootElement.Clone();
        }
        catch (JsonException broken)
        {
            throw new UsageException($"{file} is not JSON: {broken.Message}");
        }
    }

    private static void Write(Screen screen, RehearsalView view)
    {
        screen.Table("Rehearsal", ["", "value"],
        [
            ["window", string.Create(CultureInfo.InvariantCulture, $"{view.From:yyyy-MM-dd} to {view.Until:yyyy-MM-dd}")],
            ["customers", Number(view.Customers)],
            ["points as booked", Number(view.BookedPoints)],
            ["points as rehearsed", Number(view.LivedPoints)],
            ["worth of the difference", MinorUnits.Format(view.CostMinor, 2)],
            ["points held at the end, as booked", Number(view.BookedBalance)],
            ["points held at the end, as rehearsed", Number(view.LivedBalance)],
            ["customers who gain, who lose", $"{Number(view.Gain)}, {Number(view.Lose)}"],
            ["customers in a higher, in a lower tier", $"{Number(view.HigherTier)}, {Number(view.LowerTier)}"],
            ["commands refused, sales not paid in points", Number(view.Refused)],
            ["sales and returns with other points", Number(view.Different)],
        ]);
        Write(screen, "Stores", [.. view.Stores.Take(ClientLimits.RehearsalStoresShown)]);
        if (view.Stores.Count > ClientLimits.RehearsalStoresShown) screen.Line($"and {view.Stores.Count - ClientLimits.RehearsalStoresShown} more stores; --json has them all.");
        if (view.Rules.Count > 0) Write(screen, "Earning rules", view.Rules);
    }

    private static void Write(Screen screen, string title, IReadOnlyList<RehearsalLine> lines) => screen.Table(
        title, ["", "sales", "booked", "rehearsed", "difference"],
        [.. lines.Select(static line => (string[])[line.Name?.En ?? line.Id, Number(line.Sales), Number(line.BookedPoints), Number(line.LivedPoints), Number(line.LivedPoints - line.BookedPoints)])]);

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
