using Shouldly;
using Xunit;

namespace ChainCrm.Client.Tests.Verify;

/// <summary>
/// What verify sees of points between customers: of one stream here, so that its own entries play both sides. 60 points of two ends go to the customer itself and arrive, 20 pay debt; 10 more
/// come back from a customer who is not there.
/// </summary>
public sealed class TransferLedgerTests
{
    private const string Programme = """{"points":{"perUnit":1,"expiry":{"kind":"rolling","months":12}},"tiers":[{"id":"member","spendMinor":0}]}""";

    private static readonly (string Command, string Type, string Data)[] Entries =
    [
        ("c1", "customer.enrolled.1", """{"homeStore":"S1","tier":"member"}"""),
        ("c2", "customer.points-adjusted.1", """{"points":40,"reason":"r","lotsGranted":[{"lot":1,"points":40,"activeFrom":1,"expiresAt":500}],"balance":40,"at":1}"""),
        ("c3", "customer.points-adjusted.1", """{"points":50,"reason":"r","lotsGranted":[{"lot":2,"points":50,"activeFrom":2}],"balance":90,"at":2}"""),
        ("c4", "customer.delivery-sent.1",
            """{"delivery":1,"to":"c","kind":"transfer","points":60,"reason":"r","lots":[{"points":40,"activeFrom":1,"expiresAt":500},{"points":20,"activeFrom":2}],"lotsUsed":[{"lot":1,"points":40},{"lot":2,"points":20}],"balance":30,"at":3}"""),
        ("c5", "customer.points-adjusted.1", """{"points":-50,"reason":"r","lotsTaken":[{"lot":2,"points":30}],"debtAdded":20,"balance":-20,"at":4}"""),
        ("c6", "customer.delivery-received.1",
            """{"from":"c","delivery":1,"kind":"transfer","points":60,"reason":"r","lotsGranted":[{"lot":3,"points":20,"activeFrom":1,"expiresAt":500},{"lot":4,"points":20,"activeFrom":2}],"debtPaid":20,"balance":40,"at":5}"""),
        ("c7", "customer.delivery-arrived.1", """{"delivery":1,"to":"c","kind":"transfer","points":60,"at":5}"""),
        ("c8", "customer.delivery-sent.1", """{"delivery":2,"to":"c9","kind":"transfer","points":10,"reason":"r","lots":[{"points":10,"activeFrom":1,"expiresAt":500}],"lotsUsed":[{"lot":3,"points":10}],"balance":30,"at":6}"""),
        ("c9", "customer.delivery-given-back.1", """{"delivery":2,"to":"c9","kind":"transfer","points":10,"refusal":130,"lotsGivenBack":[{"lot":5,"points":10,"activeFrom":1,"expiresAt":500}],"balance":40,"at":7}"""),
    ];

    [Fact]
    public void What_is_sent_arrives_or_comes_back() => Differences().ShouldBeEmpty();

    [Theory]
    [InlineData("\"points\":20,\"activeFrom\":2}],\"debtPaid\":20", "\"points\":21,\"activeFrom\":2}],\"debtPaid\":20", "points = lots and debt: 61, 60")]
    [InlineData("\"points\":20,\"activeFrom\":1,\"expiresAt\":500", "\"points\":20,\"activeFrom\":1,\"expiresAt\":501", "end of what arrived: one that it had before, 20 points to 501")]
    [InlineData("\"delivery\":1,\"kind\":\"transfer\",\"points\":60,\"reason\":\"r\",\"lotsGranted\"", "\"delivery\":2,\"kind\":\"transfer\",\"points\":60,\"reason\":\"r\",\"lotsGranted\"", "delivery: one of c that is under way, 2")]
    [InlineData("delivery-received", "lots-merged", "delivery arrived: taken by the receiver before, not taken")]
    [InlineData("delivery-arrived.1", "delivery-given-back.1", "delivery given back: not taken by the receiver, taken")]
    [InlineData("\"delivery\":2,\"to\":\"c9\",\"kind\":\"transfer\",\"points\":10,\"reason\"", "\"delivery\":3,\"to\":\"c9\",\"kind\":\"transfer\",\"points\":10,\"reason\"", "number of the delivery: 2, 3")]
    [InlineData("{\"points\":40,\"activeFrom\":1,\"expiresAt\":500}", "{\"points\":40,\"activeFrom\":1,\"expiresAt\":600}", "ends of what is sent: those of the lots, others")]
    public void A_planted_mistake_is_found(string right, string wrong, string expected) =>
        Differences(text => text.Replace(right, wrong, StringComparison.Ordinal)).ShouldContain(expected);

    private static List<string> Differences(Func<string, string>? change = null) => AuditedChain.Differences(Programme, Entries, change);
}
