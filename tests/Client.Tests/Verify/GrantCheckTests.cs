using Shouldly;
using Xunit;

namespace ChainCrm.Client.Tests.Verify;

/// <summary>What verify sees of earning rules: a purchase of 100.00 with 20 by one rule and 7 by another, of which a half and then the rest comes back.</summary>
public sealed class GrantCheckTests
{
    private const string Programme =
        """
        {"points":{"perUnit":1},"tiers":[{"id":"member","spendMinor":0}],"earning":{"rules":[{"id":"a","group":"g"},{"id":"b"},{"id":"c","group":"g"},{"id":"off","enabled":false}]}}
        """;

    private const string Sold =
        """{"s":"S1","r":"R1","o":7,"d":20000,"g":1,"l":[[1,"A",2000,10000,0,127]],"x":99999,"ps":null,"b":127,"q":10000,"qf":19635,"t":"member","n":[1],"w":[["a",20,5,20,2],["b",7]]}""";

    private const string Half =
        """{"purchaseStore":"S1","purchaseReceipt":"R1","purchaseDay":20000,"lines":[{"line":1,"quantity":1000,"amount":5000,"pointsTakenBack":64,"quantitySoFar":1000,"amountSoFar":5000,"pointsTakenBackSoFar":64}],"amount":5000,"pointsTakenBack":64,"grantsBack":[{"rule":"a","points":10,"pointsSoFar":10,"counted":2}],"lotsTaken":[{"lot":1,"points":64}],"balance":63,"qualifyingSpend":5000,"tier":"member","at":8}""";

    private const string Rest =
        """{"purchaseStore":"S1","purchaseReceipt":"R1","purchaseDay":20000,"lines":[{"line":1,"quantity":1000,"amount":5000,"pointsTakenBack":63,"quantitySoFar":2000,"amountSoFar":10000,"pointsTakenBackSoFar":127}],"amount":5000,"pointsTakenBack":63,"grantsBack":[{"rule":"a","points":10,"pointsSoFar":20,"counted":2}],"lotsTaken":[{"lot":1,"points":63}],"balance":0,"qualifyingSpend":0,"tier":"member","at":9}""";

    private static List<string> Differences(Func<string, string>? change = null) => AuditedChain.Differences(
        Programme,
        [
            ("e", "customer.enrolled.1", """{"homeStore":"S1","tier":"member"}"""), ("S1/R1", "customer.purchase-recorded.2", Sold), ("x1", "customer.lines-returned.1", Half),
            ("x2", "customer.lines-returned.1", Rest),
        ],
        change);

    [Fact]
    public void A_purchase_with_rules_and_its_returns_agree() => Differences().ShouldBeEmpty();

    [Theory]
    [InlineData("[\"b\",7]", "[\"b\",8]", "points by the base: 100, 99")]
    [InlineData("[\"a\",20,5,20,2],[\"b\",7]", "[\"a\",27,5,20,2]", "points of rule a: at most its room 20, 27")]
    [InlineData("\"b\",7", "\"nobody\",7", "rule that gives: one in force, nobody")]
    [InlineData("\"b\",7", "\"off\",7", "rule that gives: one in force, off")]
    [InlineData("\"b\",7", "\"c\",7", "rules of group g that give: one, also c")]
    [InlineData("\"points\":10,\"pointsSoFar\":10", "\"points\":21,\"pointsSoFar\":21", "points of rule a back in all: at most 20, 21")]
    [InlineData("\"points\":10,\"pointsSoFar\":20", "\"points\":9,\"pointsSoFar\":19", "points of rule a back when all is returned: 20, 19")]
    public void A_planted_mistake_is_found(string right, string wrong, string expected) =>
        Differences(data => data.Replace(right, wrong, StringComparison.Ordinal)).ShouldContain(expected);
}
