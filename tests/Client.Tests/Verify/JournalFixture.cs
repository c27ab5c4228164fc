using System.Globalization;
using System.Text.Json;
using ChainCrm.Client.Tests.Fakes;
using ChainCrm.Client.Wire;

namespace ChainCrm.Client.Tests.Verify;

/// <summary>
/// A small chain whose figures were worked out by hand, on a fake server: two stores, two customers, a purchase with points, one away from
/// home, a partial return, a redemption, an adjustment into debt and out of it, an expiry, a tier reached, a sale to nobody known.
/// </summary>
internal static class JournalFixture
{
    public const string Programme =
        """
        {"points":{"perUnit":1,"valueMinor":1},"qualifyingMonths":12,"crossStore":{"bonusPercent":20,"capPerPurchase":500,"coolDownDays":0},
         "tiers":[{"id":"member","spendMinor":0,"multiplierPercent":100},{"id":"silver","spendMinor":200000,"multiplierPercent":110}]}
        """;

    private const long T = 1_700_000_000_000;
    private const int Day = 19_675;

    /// <summary>The entries as they should be; a text in them may be replaced to plant a mistake.</summary>
    public static readonly (string Stream, string Command, string Events)[] Entries =
    [
        ("main/programme/programme", "hq/p1", "programme.published.1 " + """{"version":1,"document":DOCUMENT}"""),
        ("main/store/S1", "hq/s1", """store.opened.1 {"store":"S1","name":"S1","region":"r","city":"c"}"""),
        ("main/store/S2", "hq/s2", """store.opened.1 {"store":"S2","name":"S2","region":"r","city":"c"}"""),
        ("main/identity/2-abc", "e1/reserve", """identity.reserved.1 {"customer":"ca"}"""),
        ("main/customer/ca", "S1/e1", """customer.enrolled.1 {"homeStore":"S1","tier":"member"}"""),
        ("main/customer/cb", "S1/e2", """customer.enrolled.1 {"homeStore":"S1","tier":"member"}"""),
        // 2,010.50 in two lines earns 2,010 points and reaches silver.
        ("main/customer/ca", "S1/R1",
            """customer.purchase-recorded.1 {"store":"S1","receipt":"R1","occurredAt":T0,"businessDay":D0,"lines":[{"line":1,"product":"A","quantity":1000,"price":200000,"earned":2000,"lot":1,"lotPoints":2000},{"line":2,"product":"B","quantity":2000,"price":1100,"discount":50,"earned":10,"lot":1,"lotPoints":10}],"amount":201050,"pointsEarned":2010,"activeFrom":T0,"expiresAt":T9,"balance":2010,"qualifyingSpend":201050,"qualifyingFrom":FROM0,"qualifyingTo":D0,"tier":"silver"} """
            + """; customer.tier-changed.1 {"from":"member","to":"silver","reason":"spend-reached","qualifyingSpend":201050,"windowFrom":FROM0,"windowTo":D0}"""),
        // 100.00 of which 20.00 with 2,000 points: 80.00 at silver earns 88, and 17 more away from home.
        ("main/customer/ca", "S2/R2",
            """customer.purchase-recorded.1 {"store":"S2","receipt":"R2","occurredAt":T1,"businessDay":D1,"lines":[{"line":1,"product":"A","quantity":1000,"price":10000,"earned":88,"bonus":17,"lot":2,"lotPoints":105}],"amount":10000,"pointsUsed":2000,"lotsUsed":[{"lot":1,"points":2000}],"pointsValue":2000,"pointsEarned":105,"pointsBonus":17,"activeFrom":T1,"expiresAt":T9,"previousStore":"S1","crossStore":true,"balance":115,"qualifyingSpend":211050,"qualifyingFrom":FROM1,"qualifyingTo":D1,"tier":"silver"}"""),
        // Line 2 of R1 comes back at the other store.
        ("main/customer/ca", "S2/X1",
            """customer.lines-returned.1 {"purchaseStore":"S1","purchaseReceipt":"R1","purchaseDay":D0,"occurredAt":T2,"businessDay":D1,"lines":[{"line":2,"quantity":2000,"amount":1050,"pointsTakenBack":10,"quantitySoFar":2000,"amountSoFar":1050,"pointsTakenBackSoFar":10}],"amount":1050,"pointsTakenBack":10,"lotsTaken":[{"lot":1,"points":10}],"balance":105,"qualifyingSpend":210000,"tier":"silver"}"""),
        ("main/customer/ca", "S1/G1", """customer.points-redeemed.1 {"points":5,"reason":"gift","lotsUsed":[{"lot":2,"points":5}],"balance":100}"""),
        ("main/customer/cb", "hq/A1", """customer.points-adjusted.1 {"points":-30,"reason":"r","debtAdded":30,"balance":-30}"""),
        ("main/customer/cb", "hq/A2", """customer.points-adjusted.1 {"points":50,"reason":"r","debtPaid":30,"lotsGranted":[{"lot":1,"points":20,"activeFrom":T1,"expiresAt":T3}],"balance":20}"""),
        ("main/customer/cb", "wake/1", """customer.points-expired.1 {"points":20,"lots":[{"lot":1,"points":20}],"balance":0,"at":T3}"""),
        ("main/store/S1", "S1/W1", """store.walk-in-recorded.1 {"receipt":"W1","occurredAt":T1,"businessDay":D1,"lineCount":1,"amount":700}"""),
    ];

    /// <summary>The purchases once more, in the form that is written today.</summary>
    private static readonly Dictionary<string, string> Compact = new()
    {
        ["S1/R1"] = """customer.purchase-recorded.2 {"s":"S1","r":"R1","o":T0,"d":D0,"g":1,"l":[[1,"A",1000,200000,0,2000],[2,"B",2000,1100,50,10]],"x":T9,"ps":null,"b":2010,"q":201050,"qf":FROM0,"t":"silver"}""",
        ["S2/R2"] = """customer.purchase-recorded.2 {"s":"S2","r":"R2","o":T1,"d":D1,"g":2,"l":[[1,"A",1000,10000,0,88,17]],"u":2000,"ul":[[1,2000]],"uv":2000,"x":T9,"ps":"S1","cs":true,"b":115,"q":211050,"qf":FROM1,"t":"silver"}""",
    };

    /// <summary>Writes purchases as they are written today.</summary>
    /// <param name="entries">The entries.</param>
    /// <param name="commands">Which of them.</param>
    public static void MakeCompact(List<(string Stream, string Command, string Events)> entries, params string[] commands)
    {
        foreach (var command in commands)
        {
            var at = entries.FindIndex(entry => entry.Command == command);
            var events = entries[at].Events;
            var rest = events.IndexOf("; ", StringComparison.Ordinal);
            entries[at] = entries[at] with { Events = rest < 0 ? Compact[command] : Compact[command] + " " + events[rest..] };
        }
    }

    /// <summary>Puts the chain on a server; <paramref name="change"/> may plant a mistake in the entries.</summary>
    public static void Put(FakeServer server, Action<List<(string Stream, string Command, string Events)>>? change = null)
    {
        var entries = Entries.ToList();
        change?.Invoke(entries);
        var versions = new Dictionary<string, long>();
        server.Journal.Clear();
        foreach (var (stream, command, events) in entries)
        {
            var bare = stream.Split('#');
            var version = bare.Length > 1 ? long.Parse(bare[1], CultureInfo.InvariantCulture) : versions.GetValueOrDefault(bare[0]) + 1;
            versions[bare[0]] = version;
            server.Journal.Add(new JournalEntryView
            {
                Position = server.Journal.Count + 1,
                Stream = bare[0],
                Version = version,
                CommandId = command,
                At = DateTimeOffset.FromUnixTimeMilliseconds(T),
                Programme = stream.Contains("/customer/", StringComparison.Ordinal) ? 1 : 0,
                Events = [.. events.Split("; ").Select(Event)],
            });
        }

        server.Figures.Clear();
        server.Figures.AddRange(
        [
            new CustomerFigures { Id = "ca", Version = 5, Balance = 100, LotSum = 100, Tier = "silver", LifetimeSpendMinor = 210_000, PurchaseCount = 2 },
            new CustomerFigures { Id = "cb", Version = 4, Tier = "member" },
        ]);
        server.StoreViews.Clear();
        server.StoreViews.AddRange(
        [
            new StoreView { Id = "S1", Name = "S1", Region = "r", City = "c", Status = "open", RevenueMinor = 200_700, Purchases = 1, WalkIns = 1 },
            new StoreView { Id = "S2", Name = "S2", Region = "r", City = "c", Status = "open", RevenueMinor = 10_000, Purchases = 1 },
        ]);
        server.Stats = new StatsReply
        {
            Position = server.Journal.Count, Head = server.Journal.Count, Members = 2, Stores = 2, Purchases = 2, WalkIns = 1, Returns = 1, RevenueMinor = 210_700,
            PointsGiven = 2_165, PointsUsed = 2_005, CrossStorePurchases = 1, CustomersAtTwoStores = 1, CustomersWithPurchase = 1,
        };
    }

    private static JournalEventView Event(string text)
    {
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        var data = text[(space + 1)..]
            .Replace("DOCUMENT", JsonSerializer.Serialize(Programme), StringComparison.Ordinal)
            .Replace("FROM0", Number(Day - 364), StringComparison.Ordinal)
            .Replace("FROM1", Number(Day - 363), StringComparison.Ordinal)
            .Replace("D0", Number(Day), StringComparison.Ordinal)
            .Replace("D1", Number(Day + 1), StringComparison.Ordinal);
        foreach (var step in new[] { 0, 1, 2, 3, 9 }) data = data.Replace($":T{step}", ":" + Number(T + (step * 86_400_000L)), StringComparison.Ordinal);
        var json = JsonDocument.Parse(data).RootElement;
        if (json.TryGetProperty("at", out _)) return new JournalEventView(text[..space], json);
        var withAt = data.TrimEnd()[..^1] + $",\"at\":{Number(T + 172_800_000L)}}}";
        return new JournalEventView(text[..space], JsonDocument.Parse(withAt).RootElement);
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
