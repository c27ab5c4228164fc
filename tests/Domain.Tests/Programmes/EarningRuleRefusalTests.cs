using System.Text.Json.Nodes;
using ChainCrm.Domain.Programmes;
using Shouldly;

namespace ChainCrm.Domain.Tests.Programmes;

/// <summary>What can be wrong with an earning rule, each refused at its place.</summary>
public class EarningRuleRefusalTests
{
    private const string Sound = """{ "id": "a", "nameZh": "规则", "nameEn": "Rule", "give": { "kind": "fixed", "points": 5 } }""";

    private static JsonNode DocumentWith(params string[] rules)
    {
        var document = JsonNode.Parse(Programme.BuiltIn.Document)!;
        document["earning"] = new JsonObject { ["rules"] = new JsonArray([.. rules.Select(rule => JsonNode.Parse(rule))]) };
        return document;
    }

    private static void Refused(JsonNode document, Rejection expected, string field)
    {
        var (programme, errors) = Programme.Compile(document.ToJsonString(), 1);
        programme.ShouldBeNull();
        errors.Select(e => (e.Code, e.Field)).ShouldBe([(expected.Code, field)]);
    }

    private static void Refused(Action<JsonObject> change, Rejection expected, string field)
    {
        var document = DocumentWith(Sound);
        change(document["earning"]!["rules"]![0]!.AsObject());
        Refused(document, expected, $"earning.rules[0].{field}");
    }

    private static void RefusedWhen(string condition, Rejection expected, string field) => Refused(rule => rule["when"] = JsonNode.Parse(condition), expected, field);

    private static void AcceptedWhen(string condition)
    {
        var document = DocumentWith(Sound);
        document["earning"]!["rules"]![0]!["when"] = JsonNode.Parse(condition);
        Programme.Compile(document.ToJsonString(), 1).Errors.ShouldBeEmpty();
    }

    [Fact]
    public void A_hundred_rules_are_enough()
    {
        static string[] Many(int count) => [.. Enumerable.Range(0, count).Select(i => Sound.Replace("\"a\"", $"\"r{i}\"", StringComparison.Ordinal))];

        Programme.Compile(DocumentWith(Many(100)).ToJsonString(), 1).Errors.ShouldBeEmpty();
        Refused(DocumentWith(Many(101)), ProgrammeRejections.RuleCountInvalid, "earning.rules");
    }

    [Fact]
    public void An_id_names_one_rule() => Refused(DocumentWith(Sound, Sound), ProgrammeRejections.RuleTwice, "earning.rules[1].id");

    [Fact]
    public void A_condition_is_one_of_four_kinds()
    {
        RefusedWhen("{}", ProgrammeRejections.ConditionUnknown, "when");
        RefusedWhen("""{ "none": [] }""", ProgrammeRejections.ConditionUnknown, "when");
        RefusedWhen("""{ "all": [ { "fact": "crossStore", "is": true }, { "not": {} } ] }""", ProgrammeRejections.ConditionUnknown, "when.all[1].not");
    }

    [Fact]
    public void Conditions_nest_five_levels_deep()
    {
        static string Nested(int levels) => levels == 1 ? """{ "fact": "crossStore", "is": true }""" : $$"""{ "not": {{Nested(levels - 1)}} }""";

        AcceptedWhen(Nested(5));
        RefusedWhen(Nested(6), ProgrammeRejections.ConditionTooLarge, "when.not.not.not.not.not");
    }

    [Fact]
    public void A_rule_has_at_most_sixty_four_conditions()
    {
        static string Wide(int count) => $$"""{ "any": [ {{string.Join(", ", Enumerable.Repeat("""{ "fact": "crossStore", "is": true }""", count))}} ] }""";

        AcceptedWhen(Wide(63));
        RefusedWhen(Wide(64), ProgrammeRejections.ConditionTooLarge, "when.any[63]");
        RefusedWhen(Wide(65), ProgrammeRejections.ListLengthInvalid, "when.any");
    }

    [Fact]
    public void Lists_hold_something_and_not_too_much()
    {
        static string Values(int count) => $$"""{ "fact": "product", "in": [ {{string.Join(", ", Enumerable.Range(0, count).Select(i => $"\"P{i}\""))}} ] }""";

        RefusedWhen("""{ "all": [] }""", ProgrammeRejections.ListLengthInvalid, "when.all");
        RefusedWhen(Values(0), ProgrammeRejections.ListLengthInvalid, "when.in");
        AcceptedWhen(Values(500));
        RefusedWhen(Values(501), ProgrammeRejections.ListLengthInvalid, "when.in");
        Refused(rule => rule["caps"] = new JsonArray([.. Enumerable.Range(0, 6).Select(_ => Cap("day"))]), ProgrammeRejections.ListLengthInvalid, "caps");
    }

    [Fact]
    public void A_tier_is_one_of_the_programme() =>
        RefusedWhen("""{ "fact": "tier", "in": ["gold", "platinum"] }""", ProgrammeRejections.TierUnknown, "when.in[1]");

    [Fact]
    public void A_time_has_one_cap()
    {
        Refused(rule => rule["caps"] = new JsonArray(Cap("day"), Cap("month"), Cap("day")), ProgrammeRejections.CapTwice, "caps[2].per");
        Refused(rule => rule["caps"] = new JsonArray(new JsonObject { ["points"] = 5 }), ProgrammeRejections.FieldMissing, "caps[0].per");
    }

    [Fact]
    public void A_range_has_something_in_it()
    {
        RefusedWhen("""{ "fact": "day", "from": "2026-12-02", "to": "2026-12-01" }""", ProgrammeRejections.RangeEmpty, "when.to");
        AcceptedWhen("""{ "fact": "day", "from": "2026-12-01", "to": "2026-12-01" }""");
        RefusedWhen("""{ "fact": "time", "from": "10:00", "to": "10:00" }""", ProgrammeRejections.RangeEmpty, "when.to");
        AcceptedWhen("""{ "fact": "time", "from": "22:00", "to": "02:00" }""");
        RefusedWhen("""{ "fact": "day" }""", ProgrammeRejections.FieldMissing, "when.from");
    }

    [Theory]
    [InlineData("weekday", "monday", 408)]
    [InlineData("store", "S 1", 406)]
    [InlineData("product", "", 406)]
    [InlineData("region", "", 406)]
    [InlineData("category", "", 406)]
    public void Values_must_fit_their_fact(string fact, string value, int code)
    {
        var document = DocumentWith(Sound);
        document["earning"]!["rules"]![0]!["when"] = new JsonObject { ["fact"] = fact, ["in"] = new JsonArray(value) };
        Programme.Compile(document.ToJsonString(), 1).Errors.Select(e => (e.Code, e.Field)).ShouldBe([(code, "earning.rules[0].when.in[0]")]);
    }

    [Fact]
    public void What_a_rule_gives_is_within_its_bounds()
    {
        Refused(rule => rule["give"] = JsonNode.Parse("""{ "kind": "multiply", "percent": 100 }"""), ProgrammeRejections.NumberInvalid, "give.percent");
        Refused(rule => rule["give"] = JsonNode.Parse("""{ "kind": "multiply", "percent": 1001 }"""), ProgrammeRejections.NumberInvalid, "give.percent");
        Refused(rule => rule["give"] = JsonNode.Parse("""{ "kind": "perUnit", "points": 0.00001 }"""), ProgrammeRejections.NumberInvalid, "give.points");
        Refused(rule => rule["give"] = JsonNode.Parse("""{ "kind": "perUnit", "points": 100.0001 }"""), ProgrammeRejections.NumberInvalid, "give.points");
        Refused(rule => rule["give"] = JsonNode.Parse("""{ "kind": "perItem", "points": 1000001 }"""), ProgrammeRejections.NumberInvalid, "give.points");
        Refused(rule => rule["give"] = JsonNode.Parse("""{ "kind": "fixed", "points": 0 }"""), ProgrammeRejections.NumberInvalid, "give.points");
        Refused(rule => rule["give"] = JsonNode.Parse("""{ "kind": "fixed", "points": 1, "percent": 200 }"""), ProgrammeRejections.UnknownField, "give.percent");
        Refused(rule => rule["minimum"] = JsonNode.Parse("""{ "quantity": 1.0001 }"""), ProgrammeRejections.NumberInvalid, "minimum.quantity");
        Refused(rule => rule["caps"] = new JsonArray(Cap("week")), ProgrammeRejections.ChoiceUnknown, "caps[0].per");
    }

    private static JsonObject Cap(string per) => new() { ["per"] = per, ["points"] = 100 };

    [Fact]
    public void A_draft_leaves_nothing_behind()
    {
        // Whoever tries drafts sends new names for ever.
        var id = Guid.NewGuid().ToString("N");
        Programme.Compile(DocumentWith(Sound.Replace("\"a\"", $"\"{id}\"", StringComparison.Ordinal)).ToJsonString(), 1).Programme!.Earning.Rules[0].Id.ShouldBe(id);
        string.IsInterned(new string(id.AsSpan())).ShouldBeNull();
    }
}
