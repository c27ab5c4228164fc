using Shouldly;
using Xunit;

namespace ChainCrm.Client.Tests.Verify;

/// <summary>What verify sees of member prices: 10 % off 199.99 that were 200.00 before the till took 0.01 off, and 1.5 of a weight for 80.00 each.</summary>
public sealed class PriceCheckTests
{
    private const string Programme =
        """{"points":{"perUnit":1},"tiers":[{"id":"member","spendMinor":0}],"memberPrices":[{"id":"p","give":{"kind":"percent","percent":10}},{"id":"w","onDiscounted":false,"give":{"kind":"price","minor":8000}},{"id":"off","enabled":false,"give":{"kind":"percent","percent":10}}]}""";

    private static readonly (string Command, string Type, string Data)[] Entries =
    [
        ("c1", "customer.enrolled.1", """{"homeStore":"S1","tier":"member"}"""),
        ("S1/R1", "customer.purchase-recorded.2",
            """{"s":"S1","r":"R1","o":7,"d":20000,"g":1,"l":[[1,"A",1000,20000,2000,180],[2,"B",1500,15000,3000,119]],"x":99999,"ps":null,"b":299,"q":30000,"qf":19635,"t":"member","n":[1],"a":30000,"e":299,"k":[],"ma":true,"mp":[[1,"p",1999],[2,"w",3000]]}"""),
    ];

    [Fact]
    public void What_member_prices_took_off_agrees() => Differences().ShouldNotContain(difference => difference.Contains("member price", StringComparison.Ordinal));

    [Theory]
    [InlineData("[1,\"p\",1999]", "[1,\"p\",1998]", "member price of line 1: 1999, 1998")]
    [InlineData("[2,\"w\",3000]", "[2,\"w\",2999]", "member price: one in force, w")]
    [InlineData("[1,\"p\",1999]", "[1,\"off\",1999]", "member price: one in force, off")]
    [InlineData("[1,\"p\",1999]", "[1,\"x\",1999]", "member price: one in force, x")]
    [InlineData("[1,\"p\",1999]", "[3,\"p\",1999]", "line with a member price: one of the receipt, once, 3")]
    [InlineData("[1,\"p\",1999]", "[2,\"p\",1999]", "line with a member price: one of the receipt, once, 2")]
    [InlineData("[1,\"p\",1999]", "[1,\"p\",2001]", "discount of line 1: at least what member price and coupons take off, 2000")]
    public void A_planted_mistake_is_found(string right, string wrong, string expected)
    {
        Entries.ShouldContain(entry => entry.Data.Contains(right, StringComparison.Ordinal));
        Differences(text => text.Replace(right, wrong, StringComparison.Ordinal)).ShouldContain(expected);
    }

    private static List<string> Differences(Func<string, string>? change = null) => AuditedChain.Differences(Programme, Entries, change);
}
