using Shouldly;
using Xunit;

namespace ChainCrm.Client.Tests.Verify;

/// <summary>What verify sees of coupons: four issued, two used for 50.00 off 300.00, a part of that back with one of them, one brought by the sale and withdrawn, one revoked, one ended.</summary>
public sealed class CouponLedgerTests
{
    private const string Programme = """{"points":{"perUnit":1},"tiers":[{"id":"member","spendMinor":0}],"coupons":{"kinds":[]}}""";

    private static readonly (string Command, string Type, string Data)[] Entries =
    [
        ("c1", "customer.enrolled.1", """{"homeStore":"S1","tier":"member"}"""),
        ("c2", "customer.coupons-issued.1", """{"coupons":[{"number":1,"kind":"a","from":5,"until":99},{"number":2,"kind":"b","from":5},{"number":3,"kind":"c","from":5},{"number":4,"kind":"d","from":5,"until":10}],"reason":"r","day":20000,"at":5}"""),
        ("S1/R1", "customer.purchase-recorded.2",
            """{"s":"S1","r":"R1","o":7,"d":20000,"g":1,"l":[[1,"A",1000,20000,3000,170],[2,"B",1000,10000,2000,80]],"x":99999,"ps":null,"b":250,"q":25000,"qf":19635,"t":"member","n":[1],"k":[[1,"a",4000,0,"S1",99],[2,"b",1000,0,null]],"ks":[3000,2000]}"""),
        ("c4", "customer.coupons-issued.1", """{"coupons":[{"number":5,"kind":"e","from":7,"rule":"x"}],"day":20000,"at":7}"""),
        ("c5", "customer.lines-returned.1",
            """{"purchaseStore":"S1","purchaseReceipt":"R1","purchaseDay":20000,"lines":[{"line":1,"quantity":1000,"amount":17000,"pointsTakenBack":160,"quantitySoFar":1000,"amountSoFar":17000,"pointsTakenBackSoFar":160}],"amount":16000,"pointsTakenBack":160,"lotsTaken":[{"lot":1,"points":160}],"couponAdjustment":-1000,"couponAdjustmentSoFar":-1000,"couponsBack":[{"number":1,"kind":"a","from":7,"until":99}],"couponsBackSoFar":[1],"couponsWithdrawn":[{"number":5,"kind":"e"}],"couponsWithdrawnSoFar":[5],"balance":90,"qualifyingSpend":9000,"tier":"member","at":8}"""),
        ("c6", "customer.coupon-revoked.1", """{"number":3,"kind":"c","reason":"mistake","at":9}"""),
        ("c7", "customer.coupons-expired.1", """{"coupons":[{"number":4,"kind":"d"}],"at":10}"""),
    ];

    [Fact]
    public void What_was_issued_used_given_back_withdrawn_revoked_and_ended_agrees() => Differences().ShouldBeEmpty();

    [Theory]
    [InlineData("\"number\":2,\"kind\":\"b\",\"from\":5}", "\"number\":1,\"kind\":\"b\",\"from\":5}", "coupon issued: a new number, 1 again")]
    [InlineData("[2,\"b\",1000,0,null]", "[9,\"b\",1000,0,null]", "coupon 9 is used: held, not held")]
    [InlineData("[2,\"b\",1000,0,null]", "[1,\"a\",1000,0,null]", "coupon 1 is used: held, not held")]
    [InlineData("[2,\"b\",1000,0,null]", "[2,\"z\",1000,0,null]", "kind of coupon 2: b, z")]
    [InlineData("[2,\"b\",1000,0,null]", "[2,\"b\",0,0,null]", "discount of a coupon: more than 0, 0")]
    [InlineData("[2,\"b\",1000,0,null]", "[2,\"b\",1001,0,null]", "discount of coupons = shares of lines: 5001, 5000")]
    [InlineData("\"ks\":[3000,2000]", "\"ks\":[6000,-1000]", "share of a line: 0 or more, less")]
    [InlineData("\"from\":5,\"until\":99", "\"from\":8,\"until\":99", "coupon 1 is used: from 8 to 99, 7")]
    [InlineData("\"from\":5,\"until\":99", "\"from\":5,\"until\":7", "coupon 1 is used: from 5 to 7, 7")]
    [InlineData("\"couponsBack\":[{\"number\":1", "\"couponsBack\":[{\"number\":3", "coupon that comes back: one that was used, 3")]
    [InlineData("\"couponsBack\":[{\"number\":1", "\"couponsBack\":[{\"number\":8", "coupon that comes back: one that was used, 8")]
    // It went a moment ago, and was never used.
    [InlineData("\"couponsBack\":[{\"number\":1", "\"couponsBack\":[{\"number\":5", "coupon that comes back: one that was used, 5")]
    [InlineData("\"couponsWithdrawn\":[{\"number\":5,\"kind\":\"e\"}]", "\"couponsWithdrawn\":[{\"number\":6,\"kind\":\"e\"}]", "coupon 6 is withdrawn: held, not held")]
    [InlineData("\"number\":3,\"kind\":\"c\",\"reason\"", "\"number\":2,\"kind\":\"b\",\"reason\"", "coupon 2 is revoked: held, not held")]
    [InlineData("{\"number\":4,\"kind\":\"d\"}]", "{\"number\":5,\"kind\":\"e\"}]", "coupon 5 is ended: held, not held")]
    [InlineData("\"kind\":\"d\",\"from\":5,\"until\":10", "\"kind\":\"d\",\"from\":5,\"until\":11", "coupon 4 ends: not before its end, early")]
    [InlineData("\"kind\":\"d\",\"from\":5,\"until\":10", "\"kind\":\"d\",\"from\":5", "coupon 4 ends: not before its end, early")]
    [InlineData("\"amount\":16000", "\"amount\":16001", "amount = sum of lines: 16000, 16001")]
    [InlineData("\"couponAdjustmentSoFar\":-1000", "\"couponAdjustmentSoFar\":-999", "amount returned so far: 16000, 16001")]
    public void A_planted_mistake_is_found(string right, string wrong, string expected)
    {
        Entries.ShouldContain(entry => entry.Data.Contains(right, StringComparison.Ordinal));
        Differences(text => text.Replace(right, wrong, StringComparison.Ordinal)).ShouldContain(expected);
    }

    private static List<string> Differences(Func<string, string>? change = null) => AuditedChain.Differences(Programme, Entries, change);
}
