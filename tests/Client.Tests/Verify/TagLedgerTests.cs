using Shouldly;
using Xunit;

namespace ChainCrm.Client.Tests.Verify;

/// <summary>What verify sees of tags: put on until a time, asked for by a rule, ended, taken off.</summary>
public sealed class TagLedgerTests
{
    private const string Programme = """
        {"points":{"perUnit":1},"tiers":[{"id":"member","spendMinor":0}],"tags":[{"id":"vip"},{"id":"kin"}],
         "earning":{"rules":[{"id":"v","when":{"fact":"tag","in":["vip"]},"give":{"kind":"fixed","points":5}}]}}
        """;

    private static readonly (string Command, string Type, string Data)[] Entries =
    [
        ("c1", "customer.enrolled.1", """{"homeStore":"S1","tier":"member"}"""),
        ("c2", "customer.tag-added.1", """{"tag":"vip","until":20,"at":5}"""),
        ("c3", "customer.tag-added.1", """{"tag":"kin","at":6}"""),
        ("S1/R1", "customer.purchase-recorded.2", """{"s":"S1","r":"R1","o":7,"d":20000,"g":1,"l":[[1,"A",2000,10000,0,105]],"ps":null,"b":105,"q":10000,"qf":19635,"t":"member","n":[1],"w":[["v",5]],"tg":["vip"]}"""),
        ("S1/R2", "customer.purchase-recorded.2", """{"s":"S1","r":"R2","o":20,"d":20000,"g":2,"l":[[1,"A",2000,10000,0,100]],"b":205,"q":20000,"qf":19635,"t":"member","n":[1]}"""),
        ("c6", "customer.tag-added.1", """{"tag":"vip","until":40,"at":21}"""),
        ("c7", "customer.tag-removed.1", """{"tag":"vip","at":30}"""),
    ];

    [Fact]
    public void Tags_of_a_sound_journal_agree() => Differences().ShouldBeEmpty();

    [Theory]
    [InlineData("\"tg\":[\"vip\"]", "\"tg\":[\"kin\",\"vip\"]", "tags of the purchase: vip, kin vip")]
    [InlineData(",\"tg\":[\"vip\"]", "", "points of rule v: none without its tag, 5")]
    [InlineData("\"o\":20", "\"o\":19", "tags of the purchase: vip, ")]
    [InlineData("\"tag\":\"kin\"", "\"tag\":\"wholesale\"", "tag put on: one of the dictionary, wholesale")]
    [InlineData("\"until\":40", "\"until\":20", "tag vip: something new, as it was")]
    [InlineData("\"until\":40", "\"until\":21", "end of tag vip: after 21, 21")]
    [InlineData("\"at\":30", "\"at\":40", "tag taken off: one that is carried, vip")]
    public void A_planted_mistake_is_found(string right, string wrong, string expected) =>
        Differences(text => text.Replace(right, wrong, StringComparison.Ordinal)).ShouldContain(expected);

    private static List<string> Differences(Func<string, string>? change = null) => AuditedChain.Differences(Programme, Entries, change);
}
