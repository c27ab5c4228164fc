using System.Globalization;
using System.Text.Json.Nodes;
using ChainCrm.Client.Wire;
using Shouldly;

namespace ChainCrm.RealData;

/// <summary>A year of a grocery chain: 40,278 baskets of 1,671 households at 254 stores, through the HTTP API into a fresh system.</summary>
public sealed class CompleteJourneyTests
{
    private const int Baskets = 40_278;
    private const int Households = 1_671;
    private const int StoreCount = 254;

    private static readonly string[] Replay = [Places.Data is null ? "" : Places.DataFile("complete_journey", "transactions.csv.gz"), "--preset", "complete-journey"];

    [RealDataFact]
    public async Task A_year_of_baskets_gives_the_reference_figures_and_a_second_replay_adds_nothing()
    {
        await using var server = await ServerProcess.StartNewAsync();

        var first = await Chaincrm.ReplayAsync(server, Replay);
        first.Number("receipts").ShouldBe(Baskets);
        first.Number("lines").ShouldBe(71_331);
        first.Number("quirks", "lines with quantity 0").ShouldBe(407);
        first.Number("quirks", "lines with amount 0").ShouldBe(508);
        first.Number("quirks", "lines with a quantity above 1,000").ShouldBe(631);
        first.Number("recordedPurchases").ShouldBe(Baskets);
        first.GetProperty("refusals").GetArrayLength().ShouldBe(0);
        first.Number("new", "purchases").ShouldBe(Baskets);
        await ShouldAgreeWithReference(server);
        await ShouldBeRehearsed(server);

        var second = await Chaincrm.ReplayAsync(server, Replay);
        second.Number("recordedPurchases").ShouldBe(Baskets);
        foreach (var figure in new[] { "members", "stores", "purchases", "walkIns", "returns", "revenueMinor" }) second.Number("new", figure).ShouldBe(0, figure);
        await ShouldAgreeWithReference(server);
    }

    [RealDataFact]
    public async Task The_server_killed_and_restarted_three_times_during_the_replay_gives_the_same()
    {
        await using var server = await ServerProcess.StartNewAsync();

        // Paced, so that each kill comes in the middle whatever the machine; small batches, so that many are on their way.
        var replay = Chaincrm.ReplayAsync(server, [.. Replay, "--rate", "4000/s", "--batch", "50", "--patience", "120"]);
        for (var kill = 1; kill <= 3; kill++)
        {
            await PurchasesReach(server, kill * 9_000, replay);
            await server.KillAsync();
            replay.IsCompleted.ShouldBeFalse($"kill {kill} came after the replay");
            await server.StartAsync();
        }

        var report = await replay;
        report.Number("recordedPurchases").ShouldBe(Baskets);
        report.GetProperty("refusals").GetArrayLength().ShouldBe(0);
        await ShouldAgreeWithReference(server);
    }

    /// <summary>The year again under the rules that booked it, to the point; and under twice the rate, store by store.</summary>
    private static async Task ShouldBeRehearsed(ServerProcess server)
    {
        var same = await Chaincrm.RehearseAsync(server, "--days", "2");
        (same.Number("customers"), same.Number("different"), same.Number("refused")).ShouldBe((Households, 0, 0));
        using var client = server.Client();
        var given = (await client.StatsAsync()).PointsGiven;
        (same.Number("bookedPoints"), same.Number("livedPoints")).ShouldBe((given, given));

        var draft = server.FileBeside("draft.json");
        var document = JsonNode.Parse((await client.ProgrammeAsync()).Document.GetRawText())!;
        document["earning"] = JsonNode.Parse("""{"rules":[{"id":"each","nameZh":"每单加赠","nameEn":"Each","give":{"kind":"fixed","points":3},"caps":[{"per":"ever","points":30}]}]}""");
        await File.WriteAllTextAsync(draft, document.ToJsonString());
        var more = await Chaincrm.RehearseAsync(server, "--days", "2", "--document", draft);

        // Three points for each of a household's first ten baskets with something to pay.
        var stores = more.GetProperty("stores").EnumerateArray().ToList();
        stores.Count.ShouldBe(StoreCount);
        stores.Sum(store => store.Number("sales")).ShouldBe(Baskets);
        stores.Sum(store => store.Number("livedPoints") - store.Number("bookedPoints")).ShouldBe(more.Number("livedPoints") - given);
        var rule = more.GetProperty("rules").EnumerateArray().Single();
        rule.Number("livedPoints").ShouldBe(more.Number("livedPoints") - given);
        rule.Number("livedPoints").ShouldBeInRange(Households, Households * 30);
    }

    private static async Task ShouldAgreeWithReference(ServerProcess server)
    {
        using var client = server.Client();
        var stats = await client.StatsAsync();
        stats.Purchases.ShouldBe(Baskets);
        stats.Members.ShouldBe(Households);
        stats.Stores.ShouldBe(StoreCount);
        stats.RevenueMinor.ShouldBe(22_119_610);
        stats.CustomersWithPurchase.ShouldBe(Households);
        Math.Round((decimal)stats.CustomersAtTwoStores / stats.CustomersWithPurchase, 5).ShouldBe(0.73848m);

        var stores = (await client.StoresAsync()).Stores.Select(store => (store.Id, store.Purchases, store.RevenueMinor)).Order().ToList();
        stores.ShouldBe(Reference());
        (await Chaincrm.RunAsync(server, "verify")).ShouldContain("No difference.");
    }

    /// <summary>Purchases and revenue per store, counted independently of the product.</summary>
    private static List<(string Id, long Purchases, long RevenueMinor)> Reference() =>
        File.ReadLines(Places.DataFile("complete_journey", "reference", "open_stores.csv")).Skip(1)
            .Select(line => line.Split(','))
            .Select(cells => (cells[0], long.Parse(cells[2], CultureInfo.InvariantCulture), (long)(decimal.Parse(cells[3], CultureInfo.InvariantCulture) * 100)))
            .Order().ToList();

    private static async Task PurchasesReach(ServerProcess server, long count, Task replay)
    {
        using var client = server.Client();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var stats = new StatsReply();
        while (stats.Purchases < count)
        {
            if (replay.IsCompleted) await replay;
            limit.IsCancellationRequested.ShouldBeFalse($"{stats.Purchases} of {count} purchases after two minutes");
            await Task.Delay(20, CancellationToken.None);
            stats = await client.StatsAsync(limit.Token);
        }
    }
}
