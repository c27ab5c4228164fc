using Shouldly;
using Xunit;

namespace ChainCrm.Client.Tests.Verify;

/// <summary>What verify sees of stored value: 500.00 and a gift of 60.00 paid in, a purchase of 100.00 paid from it, a half of it back, the rest paid out, frozen.</summary>
public sealed class StoredValueLedgerTests
{
    private const string Programme = """{"points":{"perUnit":1},"tiers":[{"id":"member","spendMinor":0}],"storedValue":{}}""";

    private static readonly (string Command, string Type, string Data)[] Entries =
    [
        ("c1", "customer.enrolled.1", """{"homeStore":"S1","tier":"member"}"""),
        ("c2", "customer.stored-value-topped-up.1", """{"amount":50000,"gift":6000,"principalBalance":50000,"giftBalance":6000}"""),
        ("S1/R1", "customer.purchase-recorded.2",
            """{"s":"S1","r":"R1","o":7,"d":20000,"g":1,"l":[[1,"A",2000,10000,0,90]],"x":99999,"ps":null,"b":90,"q":10000,"qf":19635,"t":"member","n":[1],"sv":[8000,1000,42000,5000]}"""),
        ("c4", "customer.lines-returned.1",
            """{"purchaseStore":"S1","purchaseReceipt":"R1","purchaseDay":20000,"lines":[{"line":1,"quantity":1000,"amount":5000,"pointsTakenBack":45,"quantitySoFar":1000,"amountSoFar":5000,"pointsTakenBackSoFar":45}],"amount":5000,"pointsTakenBack":45,"lotsTaken":[{"lot":1,"points":45}],"storedValueBack":{"principal":4000,"gift":500},"storedValueBackSoFar":{"principal":4000,"gift":500},"storedValueBalance":{"principal":46000,"gift":5500},"balance":45,"qualifyingSpend":5000,"tier":"member","at":8}"""),
        ("c5", "customer.stored-value-frozen.1", """{"reason":"lost"}"""),
        ("c6", "customer.stored-value-released.1", """{"reason":"found"}"""),
        ("c7", "customer.stored-value-refunded.1", """{"amount":46000,"giftWithdrawn":5500,"reason":"r","principalBalance":0,"giftBalance":0}"""),
    ];

    [Fact]
    public void What_was_paid_in_spent_given_back_and_paid_out_agrees() => Differences().ShouldBeEmpty();

    [Theory]
    [InlineData("\"gift\":6000", "\"gift\":6001", "gift after the entry: 6001, 6000")]
    [InlineData("[8000,1000,42000,5000]", "[8001,1000,42000,5000]", "principal after the entry: 41999, 42000")]
    [InlineData("[8000,1000,42000,5000]", "[9001,1000,40999,5000]", "stored value used: 0 to 10000, 10001")]
    [InlineData("[8000,1000,42000,5000]", "[8900,100,41100,5900]", "points by the base: 99, 90")]
    [InlineData("\"storedValueBackSoFar\":{\"principal\":4000", "\"storedValueBackSoFar\":{\"principal\":8001", "stored value given back in all: at most 8000 and 1000, 8001 and 500")]
    [InlineData("\"storedValueBackSoFar\":{\"principal\":4000", "\"storedValueBackSoFar\":{\"principal\":3999", "principal given back so far: 4000, 3999")]
    [InlineData("\"storedValueBack\":{\"principal\":4000,\"gift\":500}", "\"storedValueBack\":{\"principal\":5000,\"gift\":500}", "money given back: 0 or more, -500")]
    [InlineData("stored-value-released", "stored-value-frozen", "freeze: not frozen before, frozen")]
    [InlineData("stored-value-released", "lots-merged", "stored value that moves: not frozen, frozen")]
    public void A_planted_mistake_is_found(string right, string wrong, string expected) =>
        Differences(text => text.Replace(right, wrong, StringComparison.Ordinal)).ShouldContain(expected);

    private static List<string> Differences(Func<string, string>? change = null) => AuditedChain.Differences(Programme, Entries, change);
}
