using Shouldly;
using Xunit;

namespace ChainCrm.Client.Tests.Verify;

/// <summary>What verify sees of tiers by points and visits: two receipts of one day in one store, one of which comes back, another day, and the end of the tier.</summary>
public sealed class VisitCheckTests
{
    private const string Programme =
        """
        {"points":{"perUnit":1},"qualify":"any","tiers":[{"id":"member","spendMinor":0},{"id":"silver","points":1000,"visits":3}]}
        """;

    private static string Sale(string receipt, int day, int lot, int balance, string counted) =>
        $$"""{"s":"S1","r":"{{receipt}}","o":{{day}},"d":{{day}},"g":{{lot}},"l":[[1,"A",1000,10000,0,100]],"x":99999,"ps":{{(lot == 1 ? "null" : "\"S1\"")}},"b":{{balance}},{{counted}},"t":"silver","n":[1]}""";

    private static List<string> Differences(Func<string, string>? change = null) => AuditedChain.Differences(
        Programme,
        [
            ("e", "customer.enrolled.1", """{"homeStore":"S1","tier":"silver"}"""),
            ("S1/R1", "customer.purchase-recorded.2", Sale("R1", 20_000, 1, 100, "\"q\":10000,\"qf\":19635,\"qp\":100,\"qv\":1")),
            ("S1/R2", "customer.purchase-recorded.2", Sale("R2", 20_000, 2, 200, "\"q\":20000,\"qf\":19635,\"qp\":200,\"qv\":1")),
            ("x1", "customer.lines-returned.1", """
                {"purchaseStore":"S1","purchaseReceipt":"R1","purchaseDay":20000,"lines":[{"line":1,"quantity":1000,"amount":10000,"pointsTakenBack":100,"quantitySoFar":1000,"amountSoFar":10000,"pointsTakenBackSoFar":100}],
                "amount":10000,"pointsTakenBack":100,"lotsTaken":[{"lot":1,"points":100,"expiresAt":99999}],"balance":100,"qualifyingSpend":10000,"tier":"silver","pointsUncounted":100,"visitUncounted":true,"at":20000}
                """),
            ("S1/R3", "customer.purchase-recorded.2", Sale("R3", 20_001, 3, 200, "\"q\":20000,\"qf\":19636,\"qp\":200,\"qv\":2")),
            ("w", "customer.tier-changed.1", """
                {"from":"silver","to":"member","reason":"spend-missed","qualifyingSpend":20000,"windowFrom":19636,"windowTo":20001,"qualifyingPoints":200,"qualifyingVisits":2}
                """),
        ],
        change);

    [Fact]
    public void Visits_and_points_agree() => Differences().ShouldBeEmpty();

    [Theory]
    [InlineData("\"qp\":200,\"qv\":1", "\"qp\":200,\"qv\":2", "qualifying visits: 1, 2")]
    [InlineData("\"qp\":200,\"qv\":2", "\"qp\":300,\"qv\":2", "qualifying points: 200, 300")]
    [InlineData("\"pointsUncounted\":100", "\"pointsUncounted\":90", "qualifying points: 210, 200")]
    [InlineData("\"qualifyingVisits\":2", "\"qualifyingVisits\":3", "visits that carry the new tier: 2, 3")]
    public void A_planted_mistake_is_found(string right, string wrong, string expected) =>
        Differences(data => data.Replace(right, wrong, StringComparison.Ordinal)).ShouldContain(expected);
}
