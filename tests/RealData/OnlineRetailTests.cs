using System.Globalization;
using ChainCrm.Client.Wire;
using Shouldly;

namespace ChainCrm.RealData;

/// <summary>A year of an online shop: cancellations, most of which match no purchase, and sales to nobody known.</summary>
public sealed class OnlineRetailTests
{
    private sealed record Invoice(string Customer, decimal Units, long Minor, bool IsCancellation, DateTime At);

    [RealDataFact]
    public async Task Cancellations_that_match_no_purchase_are_refused_by_number_and_the_rest_balances()
    {
        await using var server = await ServerProcess.StartNewAsync();
        var invoices = Read("invoices.csv");
        var matched = Matched(invoices, out var matchedMinor);
        var bought = invoices.Where(invoice => !invoice.IsCancellation).ToList();

        var report = await Chaincrm.ReplayAsync(server, Places.DataFile("online_retail", "invoices.csv"), "--preset", "online-retail");

        report.Number("receipts").ShouldBe(15_494);
        report.Number("quirks", "cancellations").ShouldBe(2_531);
        report.Number("quirks", "amounts rounded to the minor unit").ShouldBe(2);
        report.Number("quirks", "sale receipts with nothing to pay or less").ShouldBe(4);
        report.Number("recordedPurchases").ShouldBe(bought.Count);
        report.Number("recordedReturns").ShouldBe(matched);
        report.Number("refusedCancellations").ShouldBe(2_531 - matched);
        report.GetProperty("refusals").EnumerateArray().Select(refusal => (refusal.Number("code"), refusal.Number("count"))).ShouldBe([(150, 2_531 - matched)]);
        report.Number("refusedPurchases").ShouldBe(0);

        var stats = await StatsAsync(server);
        stats.Members.ShouldBe(3_077);
        stats.RevenueMinor.ShouldBe(bought.Sum(invoice => invoice.Minor) - matchedMinor);
        stats.Returns.ShouldBe(matched);
        (await Chaincrm.RunAsync(server, "verify")).ShouldContain("No difference.");

        // The year again, sales and cancellations, under the rules that booked it.
        var again = await Chaincrm.RehearseAsync(server, "--days", "2");
        (again.Number("different"), again.Number("refused"), again.Number("bookedPoints")).ShouldBe((0, 0, again.Number("livedPoints")));
        again.Number("bookedBalance").ShouldBe(again.Number("livedBalance"));
    }

    [RealDataFact]
    public async Task Sales_to_nobody_known_are_recorded_and_what_is_negative_is_refused_by_number()
    {
        await using var server = await ServerProcess.StartNewAsync();
        var invoices = Read("invoices_without_customer.csv");
        var good = invoices.Where(invoice => invoice is { IsCancellation: false, Units: >= 0, Minor: >= 0 }).ToList();
        var cancellations = invoices.Count(invoice => invoice.IsCancellation);

        var report = await Chaincrm.ReplayAsync(server, Places.DataFile("online_retail", "invoices_without_customer.csv"), "--preset", "online-retail");

        report.Number("receipts").ShouldBe(3_710);
        report.Number("recordedWalkIns").ShouldBe(good.Count);
        report.Number("refusedCancellations").ShouldBe(cancellations);
        report.Number("refusedPurchases").ShouldBe(3_710 - good.Count - cancellations);
        report.GetProperty("refusals").EnumerateArray().ShouldAllBe(refusal => refusal.Number("code") >= 100);

        var stats = await StatsAsync(server);
        (stats.Members, stats.Purchases, stats.WalkIns).ShouldBe((0L, 0L, (long)good.Count));
        stats.RevenueMinor.ShouldBe(good.Sum(invoice => invoice.Minor));
        (await Chaincrm.RunAsync(server, "verify")).ShouldContain("No difference.");
    }

    private static async Task<StatsReply> StatsAsync(ServerProcess server)
    {
        using var client = server.Client();
        return await client.StatsAsync();
    }

    private static List<Invoice> Read(string file) =>
        File.ReadLines(Places.DataFile("online_retail", file)).Skip(1).Select(line => line.Split(',')).Select(cells => new Invoice(
            cells[1], decimal.Parse(cells[5], CultureInfo.InvariantCulture), (long)decimal.Round(decimal.Parse(cells[6], CultureInfo.InvariantCulture) * 100, MidpointRounding.AwayFromZero),
            cells[7] == "1", DateTime.Parse(cells[2], CultureInfo.InvariantCulture))).ToList();

    /// <summary>Cancellations with an earlier purchase of the same customer that is exactly their opposite and not yet taken back.</summary>
    private static int Matched(List<Invoice> invoices, out long minor)
    {
        var open = new Dictionary<(string, decimal, long), int>();
        var matched = 0;
        minor = 0;
        foreach (var invoice in invoices.OrderBy(invoice => invoice.At))
        {
            var sign = invoice.IsCancellation ? -1 : 1;
            var key = (invoice.Customer, sign * invoice.Units, sign * invoice.Minor);
            var count = open.GetValueOrDefault(key);
            if (!invoice.IsCancellation) open[key] = count + 1;
            if (!invoice.IsCancellation || count == 0) continue;
            open[key] = count - 1;
            matched++;
            minor -= invoice.Minor;
        }

        return matched;
    }
}
