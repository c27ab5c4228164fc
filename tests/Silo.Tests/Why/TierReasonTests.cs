using System.Text.Json.Nodes;
using ChainCrm.Domain.Customers;
using ChainCrm.Silo.Why;
using ChainCrm.TestKit.Domain;
using Shouldly;
using Xunit;
using static ChainCrm.TestKit.Domain.CustomerActs;

namespace ChainCrm.Silo.Tests.Why;

/// <summary>What is said of tiers that end (docs/domain/tiers.md, docs/domain/why.md).</summary>
public sealed class TierReasonTests
{
    [Fact]
    public void A_tier_that_is_reached_at_risk_lost_and_kept_is_told_in_both_languages()
    {
        var programme = DomainProgrammes.With(document => document["tierValidity"] = JsonNode.Parse("""{"downgrade":"oneLevel"}"""));
        var names = new Names(null!, "main", programme);
        var story = CustomerStory.Given(programme, Buy("R1", 1_000_000), Days(100), Buy("R2", 200_000), Days(250), Wake(), Days(20), Wake());

        var reached = TierReasons.Of(story.Events.OfType<TierChanged>().First(), names);
        reached.Zh.ShouldEndWith("由普通会员升为金卡会员，有效期至 2025-01-01。");
        reached.En.ShouldEndWith("reaches Gold: up from Member; its last day is 2025-01-01.");

        var forecast = TierReasons.Of(story.Events.OfType<TierForecast>().Single(), names);
        forecast.Code.ShouldBe("tier.forecast-at-risk");
        forecast.Zh.ShouldBe("金卡会员有效期至 2025-01-01，还差 ¥8,000.00 保级；届时未达到将调整为银卡会员。");
        forecast.En.ShouldBe("Gold lasts until 2025-01-01; ¥8,000.00 more would keep it, otherwise it becomes Silver.");

        var missed = TierReasons.Of(story.Events.OfType<TierChanged>().Last(), names);
        missed.Code.ShouldBe("tier.spend-missed");
        missed.Zh.ShouldContain("未达到金卡会员的保级门槛，调整为银卡会员");
        missed.En.ShouldContain("does not reach it again. Now Silver");

        story.And(Buy("R3", 200_000), Days(335), Wake(), Days(40), Wake());
        TierReasons.Of(story.Events.OfType<TierForecast>().Last(), names).Code.ShouldBe("tier.forecast-safe");
        var kept = TierReasons.Of(story.Events.OfType<TierProlonged>().Last(), names);
        (kept.Code, kept.Zh.Contains("银卡会员保级成功", StringComparison.Ordinal), kept.En.Contains("keeps Silver", StringComparison.Ordinal)).ShouldBe(("tier.spend-reached-again", true, true));
    }

    [Theory]
    [InlineData("all", "还差 ¥600.00、2 次到店 保级", "¥600.00 and 2 visits more would keep it")]
    [InlineData("any", "还差 ¥600.00 或 2 次到店 保级", "¥600.00 or 2 visits more would keep it")]
    public void Points_and_visits_are_told_where_tiers_ask_for_them(string qualify, string zh, string en)
    {
        var programme = DomainProgrammes.With(document =>
        {
            document["points"]!["expiry"] = new JsonObject { ["kind"] = "never" };
            document["qualify"] = qualify;
            document["tierValidity"] = new JsonObject();
            (document["tiers"]![1]!["spendMinor"], document["tiers"]![1]!["visits"]) = (100_000, 3);
        });
        Act[] more = qualify == "all" ? [Days(1), Buy("R2", 100), Days(1), Buy("R3", 100)] : [];
        var story = CustomerStory.Given(programme, [Buy("R1", 100_000), .. more, Days(200), Buy("R4", 40_000), Days(150), Wake(), Days(40), Wake()]);
        var names = new Names(null!, "main", programme);
        TierReasons.Of(story.Events.OfType<TierChanged>().First(), names).Zh.ShouldContain(qualify == "all" ? "累计消费 ¥1,002.00、获得 1,002 积分、到店 3 次" : "累计消费 ¥1,000.00、获得 1,000 积分、到店 1 次");
        var forecast = TierReasons.Of(story.Events.OfType<TierForecast>().Single(), names);
        (forecast.Code, forecast.Zh.Contains(zh, StringComparison.Ordinal), forecast.En.Contains(en, StringComparison.Ordinal)).ShouldBe(("tier.forecast-at-risk", true, true));
        forecast.Facts.ShouldContain(fact => fact.Name == "missingVisits" && fact.Value == "2");
        TierReasons.Of(story.Events.OfType<TierChanged>().Last(), names).En.ShouldContain("¥400.00 spent, 440 points earned and 1 visit from");
    }
}
