using Shouldly;
using Xunit;

namespace ChainCrm.Client.Tests.Verify;

/// <summary>What verify sees of points that end by inactivity: two purchases of which the second moves the end of both, paid from the first; given by hand, frozen, released, redeemed, extended; all expired.</summary>
public sealed class PointLifeLedgerTests
{
    private const string Programme = """{"points":{"perUnit":1,"expiry":{"kind":"inactivity","months":1}},"tiers":[{"id":"member","spendMinor":0}]}""";

    private static readonly (string Command, string Type, string Data)[] Entries =
    [
        ("c1", "customer.enrolled.1", """{"homeStore":"S1","tier":"member"}"""),
        ("S1/R1", "customer.purchase-recorded.2", """{"s":"S1","r":"R1","o":7,"d":20000,"g":1,"l":[[1,"A",2000,10000,0,100]],"x":500,"xi":true,"ps":null,"b":100,"q":10000,"qf":19635,"t":"member","n":[1]}"""),
        ("S1/R2", "customer.purchase-recorded.2",
            """{"s":"S1","r":"R2","o":9,"d":20000,"g":2,"l":[[1,"A",1000,5000,0,49]],"u":10,"ul":[[1,10,500,1]],"uv":10,"x":800,"xi":true,"b":139,"q":15000,"qf":19635,"t":"member","n":[1]}"""),
        ("c4", "customer.points-adjusted.1", """{"points":5,"reason":"r","lotsGranted":[{"lot":3,"points":5,"activeFrom":10,"expiresAt":800,"byInactivity":true}],"balance":144,"at":10}"""),
        ("c5", "customer.points-frozen.1", """{"reason":"r"}"""),
        ("c6", "customer.points-released.1", """{"reason":"r"}"""),
        ("c7", "customer.points-redeemed.1", """{"points":4,"reason":"r","lotsUsed":[{"lot":1,"points":4}],"balance":140,"at":11}"""),
        ("c8", "customer.points-extended.1", """{"points":140,"until":900,"endingBy":850,"reason":"r","at":12}"""),
        ("c9", "customer.points-expired.1", """{"points":140,"lots":[{"lot":1,"points":86},{"lot":2,"points":49},{"lot":3,"points":5}],"balance":0,"at":900}"""),
    ];

    [Fact]
    public void Ends_that_purchases_move_agree() => Differences().ShouldBeEmpty();

    [Theory]
    [InlineData("\"x\":800,\"xi\":true", "\"x\":499,\"xi\":true", "end of points by inactivity: 500 or later, 499")]
    [InlineData("\"until\":900", "\"until\":901", "lot 1 expires: not before its end, early")]
    [InlineData("\"points\":140,\"until\"", "\"points\":139,\"until\"", "points extended: 140, 139")]
    [InlineData("\"endingBy\":850", "\"endingBy\":799", "points extended: 0, 140")]
    [InlineData("\"until\":900", "\"until\":12", "new end: after 12, 12")]
    [InlineData("points-released", "points-frozen", "freeze of points: not frozen before, frozen")]
    [InlineData("points-released", "lots-merged", "points used: 0 while frozen, 4")]
    [InlineData("\"expiresAt\":800", "\"expiresAt\":799", "end of points by inactivity: 800 or later, 799")]
    public void A_planted_mistake_is_found(string right, string wrong, string expected) =>
        Differences(text => text.Replace(right, wrong, StringComparison.Ordinal)).ShouldContain(expected);

    private static List<string> Differences(Func<string, string>? change = null) => AuditedChain.Differences(Programme, Entries, change);
}
