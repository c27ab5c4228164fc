using Shouldly;
using Xunit;

namespace ChainCrm.Client.Tests.Verify;

/// <summary>What verify sees of baskets: opened, changed, cancelled, run out, and one that a sale pays.</summary>
public sealed class BasketLedgerTests
{
    private const string Programme = """{"points":{"perUnit":1},"tiers":[{"id":"member","spendMinor":0}],"storedValue":{}}""";

    private static readonly (string Command, string Type, string Data)[] Entries =
    [
        ("c1", "customer.enrolled.1", """{"homeStore":"S1","tier":"member"}"""),
        ("c2", "customer.stored-value-topped-up.1", """{"amount":50000,"gift":0,"principalBalance":50000,"giftBalance":0}"""),
        ("c3", "customer.basket-opened.1", """{"basket":3,"hold":{"points":10,"storedValue":50000},"endsAt":100,"at":10}"""),
        ("c4", "customer.basket-changed.1", """{"basket":3,"hold":{"points":20},"holdBefore":{"points":10,"storedValue":50000},"endsAt":110,"at":20}"""),
        ("c5", "customer.basket-cancelled.1", """{"basket":3,"hold":{"points":20},"at":30}"""),
        ("c6", "customer.basket-opened.1", """{"basket":6,"hold":{"storedValue":30000},"endsAt":140,"at":40}"""),
        ("c7", "customer.basket-opened.1", """{"basket":7,"hold":{"storedValue":20000},"endsAt":150,"at":50}"""),
        ("c8", "customer.basket-committed.1", """{"basket":6,"hold":{"storedValue":30000},"at":60}"""),
        ("c10", "customer.basket-opened.1", """{"basket":9,"hold":{},"coupons":[1],"endsAt":140,"at":61}"""),
        ("c11", "customer.basket-cancelled.1", """{"basket":9,"hold":{},"at":62}"""),
        ("c9", "customer.baskets-expired.1", """{"baskets":[{"number":7,"hold":{"storedValue":20000},"endsAt":150}],"at":150}"""),
    ];

    [Fact]
    public void What_was_held_and_ended_once_agrees() => Differences().ShouldBeEmpty();

    [Theory]
    [InlineData("\"basket\":7,", "\"basket\":8,", "basket: 7, 8")]
    [InlineData("{\"basket\":3,\"hold\":{\"points\":20},\"at\"", "{\"basket\":4,\"hold\":{\"points\":20},\"at\"", "open basket: one that was opened, 4")]
    [InlineData("{\"basket\":3,\"hold\":{\"points\":20},\"at\"", "{\"basket\":3,\"hold\":{\"points\":21},\"at\"", "points that were held: 20, 21")]
    [InlineData("\"hold\":{\"storedValue\":20000},\"endsAt\":150,\"at\"", "\"hold\":{\"storedValue\":20001},\"endsAt\":150,\"at\"", "stored value that is held: at most 50000, 50001")]
    [InlineData("\"hold\":{\"storedValue\":20000},\"endsAt\":150,\"at\"", "\"hold\":{},\"endsAt\":150,\"at\"", "hold: more than nothing, 0 and 0")]
    [InlineData("\"endsAt\":150,\"at\":50", "\"endsAt\":50,\"at\":50", "lease: after 50, 50")]
    [InlineData("\"endsAt\":150}]", "\"endsAt\":151}]", "lease that ran out: by 150, 151")]
    public void A_planted_mistake_is_found(string right, string wrong, string expected) =>
        Differences(text => text.Replace(right, wrong, StringComparison.Ordinal)).ShouldContain(expected);

    private static List<string> Differences(Func<string, string>? change = null) => AuditedChain.Differences(Programme, Entries, change);
}
