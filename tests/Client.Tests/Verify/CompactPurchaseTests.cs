using System.Text.Encodings.Web;
using System.Text.Json;
using ChainCrm.Client.Verify;
using ChainCrm.Client.Wire;
using Shouldly;
using Xunit;

namespace ChainCrm.Client.Tests.Verify;

/// <summary>The compact form of a purchase says what its long form says. The texts are those of the golden files, and of nobody's code.</summary>
public sealed class CompactPurchaseTests
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public void A_purchase_with_every_member_is_its_long_form() => ShouldBe(
        """{"s":"Store-会员","r":"R-38","o":14,"d":48,"c":"app","g":13,"l":[[5,"P-32",55,93,47,92,20,"tea",53],[6,"P-33",1,2,0,3,0,null,0,9]],"a":28,"u":54,"ul":[[53,81,64],[54,82]],"uv":61,"e":50,"eb":75,"dp":72,"af":18,"x":24,"ps":"S-2","cs":true,"b":82,"q":83,"qf":80,"qt":65,"t":"gold","n":["odd",1,2,3,4,5],"at":64,"os":"S-94","of":"F-69","ot":"T-71"}""",
        """{"store":"Store-会员","receipt":"R-38","occurredAt":14,"businessDay":48,"channel":"app","lines":[{"line":5,"product":"P-32","category":"tea","quantity":55,"price":93,"discount":47,"earned":92,"bonus":20,"lot":13,"lotPoints":53},{"line":6,"product":"P-33","quantity":1,"price":2,"discount":0,"earned":3,"bonus":0,"lot":9,"lotPoints":0}],"amount":28,"pointsUsed":54,"lotsUsed":[{"lot":53,"points":81,"expiresAt":64},{"lot":54,"points":82}],"pointsValue":61,"pointsEarned":50,"pointsBonus":75,"debtPaid":72,"activeFrom":18,"expiresAt":24,"previousStore":"S-2","crossStore":true,"balance":82,"qualifyingSpend":83,"qualifyingFrom":80,"qualifyingTo":65,"tier":"gold","rules":["odd","points.earned","tier.gold","cross-store.bonus","cross-store.bonus-capped","cross-store.cooling-down"],"at":64,"origin":{"store":"S-94","staff":"F-69","till":"T-71"}}""");

    [Fact]
    public void What_is_left_out_follows_from_the_rest() => ShouldBe(
        """{"s":"S1","r":"R1","o":7,"d":3,"g":24,"l":[[1,"A",1000,19145,100,238,47,"load"],[2,"B",1000,50],[3,"C",1000,100,0,1]],"b":14,"q":109,"t":"gold"}""",
        """{"store":"S1","receipt":"R1","occurredAt":7,"businessDay":3,"lines":[{"line":1,"product":"A","category":"load","quantity":1000,"price":19145,"discount":100,"earned":238,"bonus":47,"lot":24,"lotPoints":285},{"line":2,"product":"B","quantity":1000,"price":50,"discount":0,"earned":0,"bonus":0,"lot":0,"lotPoints":0},{"line":3,"product":"C","quantity":1000,"price":100,"discount":0,"earned":1,"bonus":0,"lot":24,"lotPoints":1}],"amount":19195,"lotsUsed":[],"pointsEarned":286,"pointsBonus":47,"activeFrom":7,"previousStore":"S1","balance":14,"qualifyingSpend":109,"qualifyingTo":3,"tier":"gold","rules":[],"at":7,"origin":{"store":"S1"}}""");

    [Fact]
    public void A_store_that_is_null_is_none() => ShouldBe(
        """{"s":"S1","r":"R1","o":7,"d":3,"l":[],"ps":null,"b":0,"q":0,"t":"m","os":null}""",
        """{"store":"S1","receipt":"R1","occurredAt":7,"businessDay":3,"lines":[],"amount":0,"lotsUsed":[],"pointsEarned":0,"pointsBonus":0,"activeFrom":7,"balance":0,"qualifyingSpend":0,"qualifyingTo":3,"tier":"m","rules":[],"at":7,"origin":{}}""");

    [Fact]
    public void The_number_of_a_rule_that_nobody_here_knows_is_told_as_it_is() => ShouldBe(
        """{"s":"S1","r":"R1","o":7,"d":3,"l":[],"ps":null,"b":0,"q":0,"t":"m","n":[1,0,6,-1,99999999999,1.5,null,{}],"os":null}""",
        """{"store":"S1","receipt":"R1","occurredAt":7,"businessDay":3,"lines":[],"amount":0,"lotsUsed":[],"pointsEarned":0,"pointsBonus":0,"activeFrom":7,"balance":0,"qualifyingSpend":0,"qualifyingTo":3,"tier":"m","rules":["points.earned","rule.0","rule.6","rule.-1","rule.99999999999","rule.1.5","rule.null","rule.{}"],"at":7,"origin":{}}""");

    [Fact]
    public void What_rules_gave_is_told_with_what_was_left_out() => ShouldBe(
        """{"s":"S1","r":"R1","o":7,"d":3,"l":[],"ps":null,"b":0,"q":0,"t":"m","w":[["a",5],["b"],["c",1,2,null,3],["d",0,4,9]],"os":null}""",
        """{"store":"S1","receipt":"R1","occurredAt":7,"businessDay":3,"lines":[],"amount":0,"lotsUsed":[],"pointsEarned":0,"pointsBonus":0,"activeFrom":7,"balance":0,"qualifyingSpend":0,"qualifyingTo":3,"tier":"m","rules":[],"grants":[{"rule":"a","points":5,"withheld":0,"counted":0},{"rule":"b","points":0,"withheld":0,"counted":0},{"rule":"c","points":1,"withheld":2,"counted":3},{"rule":"d","points":0,"withheld":4,"room":9,"counted":0}],"at":7,"origin":{}}""");

    [Fact]
    public void Other_events_stay_as_they_are()
    {
        var entry = Entry("customer.purchase-recorded.1", """{"store":"S1"}""");
        CompactPurchase.LongForm(entry).ShouldBeSameAs(entry);
    }

    private static void ShouldBe(string compact, string expected)
    {
        var happened = CompactPurchase.LongForm(Entry("customer.purchase-recorded.2", compact)).Events.ShouldHaveSingleItem();
        happened.Type.ShouldBe("customer.purchase-recorded.1");
        JsonSerializer.Serialize(happened.Data, Readable).ShouldBe(expected);
    }

    private static JournalEntryView Entry(string type, string data) =>
        new() { Stream = "main/customer/c1", CommandId = "S1/R1", Events = [new JournalEventView(type, JsonDocument.Parse(data).RootElement)] };
}
