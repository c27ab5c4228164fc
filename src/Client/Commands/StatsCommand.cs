using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ChainCrm.Client.Replay;
using ChainCrm.Client.Wire;

namespace ChainCrm.Client.Commands;

/// <summary><c>chaincrm stats</c>: the totals of the running system.</summary>
internal static class StatsCommand
{
    public static Command Create(ConnectionOptions connection)
    {
        var json = JsonOption.Create();
        var command = new Command("stats", "Shows the totals of the chain: members, purchases, revenue, points, customers at several stores.") { json };
        command.SetAction(async (arguments, cancellation) =>
        {
            var screen = new Screen(arguments.InvocationConfiguration.Output);
            using var client = new ChainCrmClient(connection.Read(arguments));
            var stats = await client.StatsAsync(cancellation);
            if (JsonOption.Path(arguments, json) is { } path)
                await screen.WriteJsonAsync(path, JsonSerializer.SerializeToUtf8Bytes(stats, IndentedJson.Default.StatsReply), cancellation);
            if (JsonOption.Path(arguments, json) != "-") Write(screen, stats);
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Write(Screen screen, StatsReply stats)
    {
        var behind = stats.Head - stats.Position;
        screen.Table("Totals", ["", "value"],
        [
            ["members", Number(stats.Members)],
            ["stores", Number(stats.Stores)],
            ["purchases by members", Number(stats.Purchases)],
            ["sales to nobody known", Number(stats.WalkIns)],
            ["returns", Number(stats.Returns)],
            ["revenue, net of returns", MinorUnits.Format(stats.RevenueMinor, 2)],
            ["points given", Number(stats.PointsGiven)],
            ["points used", Number(stats.PointsUsed)],
            ["purchases away from the home store", Number(stats.CrossStorePurchases)],
            ["customers with a purchase", Number(stats.CustomersWithPurchase)],
            ["customers at two or more stores", Number(stats.CustomersAtTwoStores)],
            ["share of customers at two or more stores", CrossStoreShare(stats)],
            ["journal entries", Number(stats.Head)],
            ["of these not yet in the totals", Number(behind)],
        ]);
    }

    /// <summary>Customers at two or more stores among customers with a purchase, five decimals.</summary>
    internal static string CrossStoreShare(StatsReply stats) => stats.CustomersWithPurchase == 0
        ? "-"
        : ((decimal)stats.CustomersAtTwoStores / stats.CustomersWithPurchase).ToString("0.00000", CultureInfo.InvariantCulture);

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
