using System.Text.Json.Nodes;
using ChainCrm.Domain.Programmes;
using ChainCrm.TestKit.Domain;
using Shouldly;

namespace ChainCrm.Domain.Tests.Programmes;

public class ProgrammeTests
{
    private static void Refused(Action<JsonNode> change, Rejection expected, string field)
    {
        var document = JsonNode.Parse(Programme.BuiltIn.Document)!;
        change(document);
        var (programme, errors) = Programme.Compile(document.ToJsonString(), 1);
        programme.ShouldBeNull();
        errors.Select(e => (e.Code, e.Field)).ShouldBe([(expected.Code, field)]);
    }

    [Fact]
    public void The_built_in_programme_has_four_tiers()
    {
        Programme.BuiltIn.Version.ShouldBe(0);
        Programme.BuiltIn.Tiers.Select(tier => tier.NameZh).ShouldBe(["普通会员", "银卡会员", "金卡会员", "黑金会员"]);
        Programme.BuiltIn.TimeZone.ShouldBe("Asia/Shanghai");
    }

    [Theory]
    [InlineData(0, "member", "silver")]
    [InlineData(199_999, "member", "silver")]
    [InlineData(200_000, "silver", "gold")]
    [InlineData(9_999_999, "black-gold", null)]
    [InlineData(-5, "member", "silver")]
    public void Tiers_are_found_by_spend(long spend, string tier, string? next)
    {
        var found = Programme.BuiltIn.TierFor(new TierMeasures(new Money(spend)));
        found.Id.Value.ShouldBe(tier);
        Programme.BuiltIn.NextAfter(found.Id)?.Id.Value.ShouldBe(next);
        Programme.BuiltIn.TierOf(found.Id).ShouldBe(found);
    }

    [Fact]
    public void An_unknown_tier_is_the_lowest()
    {
        Programme.BuiltIn.TierOf(new TierId("no such")).Id.Value.ShouldBe("member");
        Programme.BuiltIn.NextAfter(new TierId("no such"))!.Id.Value.ShouldBe("silver");
    }

    [Fact]
    public void A_short_document_gets_the_defaults()
    {
        var (programme, errors) = Programme.Compile(
            """{"name":"A","currency":"EUR","timeZone":"Europe/Berlin","tiers":[{"id":"a","nameZh":"甲","nameEn":"A","spendMinor":0}]}""", 3);
        errors.ShouldBeEmpty();
        programme.ShouldNotBeNull();
        (programme.Version, programme.PointsPerUnitE4, programme.Expiry.Months, programme.CrossStoreBonusPercent, programme.ReturnWindowDays)
            .ShouldBe((3, 10_000L, 12, 0, null));
        programme.EarliestPurchase.ShouldBe(BusinessDay.From(new DateOnly(2000, 1, 1)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("[]")]
    [InlineData("{\"name\":\"A\",}")]
    [InlineData("{} // remark")]
    [InlineData("{\"name\":\"\\ud800\"}")]
    [InlineData("{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":1}}}}}}}}}}}}}}}}}}}")]
    public void What_is_not_JSON_is_refused(string document) => Programme.Compile(document, 1).Errors.Single().ShouldBe(ProgrammeRejections.NotJson);

    [Fact]
    public void A_huge_document_is_refused() =>
        Programme.Compile(new string(' ', Limits.ProgrammeLengthMax + 1), 1).Errors.Single().ShouldBe(ProgrammeRejections.TooLong);

    [Fact]
    public void An_unknown_field_is_refused_by_its_path()
    {
        Refused(d => d["bonus"] = 1, ProgrammeRejections.UnknownField, "bonus");
        Refused(d => d["points"]!["expiry"]!["mnths"] = 1, ProgrammeRejections.UnknownField, "points.expiry.mnths");
        Refused(d => d["tiers"]![2]!["colour"] = "red", ProgrammeRejections.UnknownField, "tiers[2].colour");
    }

    [Fact]
    public void A_field_twice_is_refused() =>
        Programme.Compile(Programme.BuiltIn.Document.Replace("\"currency\": \"CNY\"", "\"currency\": \"CNY\", \"currency\": \"EUR\"", StringComparison.Ordinal), 1)
            .Errors.Single().Field.ShouldBe("currency");

    [Fact]
    public void Every_mistake_is_told_at_once()
    {
        var document = JsonNode.Parse(Programme.BuiltIn.Document)!;
        document["currency"] = "yuan";
        document["points"]!["perUnit"] = -1;
        document["tiers"]![1]!["spendMinor"] = "a lot";
        document["purchases"]!["earliest"] = "yesterday";
        Programme.Compile(document.ToJsonString(), 1).Errors.Select(e => e.Field)
            .ShouldBe(["currency", "points.perUnit", "tiers[1].spendMinor", "tiers[1].spendMinor", "purchases.earliest"]);
    }

    [Theory]
    [InlineData("name")]
    [InlineData("currency")]
    [InlineData("timeZone")]
    [InlineData("tiers")]
    public void What_has_no_default_must_be_there(string field) => Refused(d => d.AsObject().Remove(field), ProgrammeRejections.FieldMissing, field);

    [Theory]
    [InlineData(0.00001)]
    [InlineData(100.1)]
    [InlineData(-1)]
    [InlineData(1e300)]
    public void Points_per_unit_out_of_range_are_refused(double rate) => Refused(d => d["points"]!["perUnit"] = rate, ProgrammeRejections.NumberInvalid, "points.perUnit");

    [Fact]
    public void Whole_numbers_stay_whole() => Refused(d => d["qualifyingMonths"] = 1.5, ProgrammeRejections.NumberInvalid, "qualifyingMonths");

    [Fact]
    public void Types_must_fit()
    {
        Refused(d => d["points"] = "many", ProgrammeRejections.WrongType, "points");
        Refused(d => d["points"]!["negativeBalance"] = 1, ProgrammeRejections.WrongType, "points.negativeBalance");
        Refused(d => d["tiers"] = new JsonObject(), ProgrammeRejections.WrongType, "tiers");
        Refused(d => d["tiers"]![0] = 1, ProgrammeRejections.WrongType, "tiers[0]");
    }

    [Theory]
    [InlineData("""{"to":"family"}""", 408, "points.transfer.to")]
    [InlineData("""{"to":"anybody","leastPoints":0}""", 407, "points.transfer.leastPoints")]
    [InlineData("""{"to":"anybody","leastPoints":10,"mostPointsPerDay":9}""", 407, "points.transfer.mostPointsPerDay")]
    [InlineData("""{"to":"anybody","leastPoints":10,"mostPointsPerYear":9}""", 407, "points.transfer.mostPointsPerYear")]
    [InlineData("""{"to":"anybody","mostPointsPerDay":100,"mostPointsPerYear":99}""", 407, "points.transfer.mostPointsPerYear")]
    [InlineData("""{"to":"anybody","most":1}""", 402, "points.transfer.most")]
    public void Transfers_are_checked_field_by_field(string transfer, int code, string field)
    {
        var document = JsonNode.Parse(Programme.BuiltIn.Document)!;
        document["points"]!["transfer"] = JsonNode.Parse(transfer);
        Programme.Compile(document.ToJsonString(), 1).Errors.Select(e => (e.Code, e.Field)).ShouldBe([(code, field)]);
    }

    [Fact]
    public void A_programme_that_says_nothing_of_transfers_lets_nobody_transfer() => Programme.BuiltIn.Transfers.ShouldBe(new TransferTerms(TransferTo.Nobody, new Points(1), null, null));

    [Fact]
    public void Choices_are_named() => Refused(d => d["points"]!["expiry"]!["roundUpTo"] = "year", ProgrammeRejections.ChoiceUnknown, "points.expiry.roundUpTo");

    [Theory]
    [InlineData("""{"kind":"calendar"}""", 404, "points.expiry.days")]
    [InlineData("""{"kind":"calendar","days":[]}""", 419, "points.expiry.days")]
    [InlineData("""{"kind":"calendar","days":["02-30"]}""", 430, "points.expiry.days[0]")]
    [InlineData("""{"kind":"calendar","days":["12-31","1-31"]}""", 430, "points.expiry.days[1]")]
    [InlineData("""{"kind":"calendar","days":["13-01"]}""", 430, "points.expiry.days[0]")]
    [InlineData("""{"kind":"calendar","days":["+1-01"]}""", 430, "points.expiry.days[0]")]
    [InlineData("""{"kind":"calendar","days":["12-31","06-30","12-31"]}""", 431, "points.expiry.days")]
    [InlineData("""{"kind":"calendar","days":["12-31"],"minimumDays":3661}""", 407, "points.expiry.minimumDays")]
    [InlineData("""{"kind":"calendar","days":["12-31"],"months":12}""", 402, "points.expiry.months")]
    [InlineData("""{"kind":"inactivity","days":["12-31"]}""", 402, "points.expiry.days")]
    [InlineData("""{"kind":"inactivity","months":0}""", 407, "points.expiry.months")]
    [InlineData("""{"kind":"sliding"}""", 408, "points.expiry.kind")]
    public void The_end_of_points_is_checked_field_by_field(string expiry, int code, string field)
    {
        var document = JsonNode.Parse(Programme.BuiltIn.Document)!;
        document["points"]!["expiry"] = JsonNode.Parse(expiry);
        Programme.Compile(document.ToJsonString(), 1).Errors.Select(e => (e.Code, e.Field)).ShouldBe([(code, field)]);
    }

    [Fact]
    public void Twenty_days_of_the_year_are_the_most()
    {
        string Days(int count) => new JsonArray([.. Enumerable.Range(1, count).Select(day => (JsonNode)$"03-{day:00}")]).ToJsonString();
        var document = JsonNode.Parse(Programme.BuiltIn.Document)!;
        document["points"]!["expiry"] = new JsonObject { ["kind"] = "calendar", ["days"] = JsonNode.Parse(Days(Limits.ExpiryDaysMax)) };
        Programme.Compile(document.ToJsonString(), 1).Programme!.Expiry.Days.Count.ShouldBe(20);
        document["points"]!["expiry"]!["days"] = JsonNode.Parse(Days(Limits.ExpiryDaysMax + 1));
        Programme.Compile(document.ToJsonString(), 1).Errors.Single().Code.ShouldBe(ProgrammeRejections.ListLengthInvalid.Code);
    }

    [Theory]
    [InlineData("""{"kind":"calendar","days":["12-31"],"minimumDays":30}""", 30, true)]
    [InlineData("""{"kind":"calendar","days":["12-31"],"minimumDays":30}""", 31, false)]
    [InlineData("""{"kind":"inactivity","months":1}""", 27, true)]
    [InlineData("""{"kind":"inactivity","months":1}""", 28, false)]
    [InlineData("""{"kind":"never"}""", 366, true)]
    public void Points_of_every_kind_must_be_active_before_they_end(string expiry, int activeAfterDays, bool fits)
    {
        var document = JsonNode.Parse(Programme.BuiltIn.Document)!;
        document["points"]!["expiry"] = JsonNode.Parse(expiry);
        document["points"]!["activeAfterDays"] = activeAfterDays;
        Programme.Compile(document.ToJsonString(), 1).Errors.Select(e => e.Code).ShouldBe(fits ? [] : [ProgrammeRejections.ExpiresBeforeActive.Code]);
    }

    [Fact]
    public void Tiers_must_ascend_from_nothing()
    {
        Refused(d => d["tiers"]![0]!["spendMinor"] = 1, ProgrammeRejections.FirstTierNotZero, "tiers[0].spendMinor");
        Refused(d => d["tiers"]![3]!["spendMinor"] = 1_000_000, ProgrammeRejections.TiersNotAscending, "tiers[3].spendMinor");
        Refused(d => d["tiers"]![1]!["id"] = "gold", ProgrammeRejections.TierTwice, "tiers[2].id");
        Refused(d => d["tiers"] = new JsonArray(), ProgrammeRejections.TierCountInvalid, "tiers");
    }

    [Fact]
    public void Points_must_live_long_enough_to_be_spent() => Refused(
        d =>
        {
            d["points"]!["expiry"]!["months"] = 1;
            d["points"]!["activeAfterDays"] = 28;
        }, ProgrammeRejections.ExpiresBeforeActive, "points.activeAfterDays");

    [Fact]
    public void A_null_cap_is_no_cap() =>
        DomainProgrammes.With(d => d["crossStore"]!["capPerPurchase"] = null).CrossStoreCap.ShouldBeNull();

    [Theory]
    [InlineData("../etc/passwd")]
    [InlineData("Asia Shanghai")]
    public void A_time_zone_must_look_like_one(string zone) => Refused(d => d["timeZone"] = zone, ProgrammeRejections.TextInvalid, "timeZone");
}
