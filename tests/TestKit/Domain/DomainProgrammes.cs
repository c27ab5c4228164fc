using System.Text.Json.Nodes;
using ChainCrm.Domain.Programmes;

namespace ChainCrm.TestKit.Domain;

/// <summary>Programmes for tests: the built-in document with single fields changed.</summary>
public static class DomainProgrammes
{
    /// <summary>Points without end, no bonus, one tier: nothing but the earning rule.</summary>
    public static Programme Plain { get; } = With(document =>
    {
        document["points"]!["expiry"] = new JsonObject { ["kind"] = "never" };
        document["crossStore"]!["bonusPercent"] = 0;
        document["tiers"] = new JsonArray(document["tiers"]![0]!.DeepClone());
    });

    /// <summary>The built-in programme after a change of its document.</summary>
    public static Programme With(Action<JsonNode> change, int version = 1)
    {
        var document = JsonNode.Parse(Programme.BuiltIn.Document)!;
        change(document);
        var (programme, errors) = Programme.Compile(document.ToJsonString(), version);
        return programme ?? throw new InvalidOperationException(string.Join("; ", errors.Select(e => $"{e.Field}: {e.Name}")));
    }

    /// <summary>The plain programme after a change of its document.</summary>
    public static Programme PlainWith(Action<JsonNode> change)
    {
        var document = JsonNode.Parse(Plain.Document)!;
        change(document);
        var (programme, errors) = Programme.Compile(document.ToJsonString(), 2);
        return programme ?? throw new InvalidOperationException(string.Join("; ", errors.Select(e => $"{e.Field}: {e.Name}")));
    }

    /// <summary>The plain programme with the tiers of the built-in one and earning rules, each as JSON.</summary>
    public static Programme WithRules(params string[] rules) => PlainWith(document => Rules(document, rules));

    /// <summary>The plain programme with the tiers of the built-in one and kinds of coupons, each as JSON; names are added.</summary>
    public static Programme WithCoupons(params string[] kinds) => WithCoupons(kinds, []);

    /// <summary>The same, with rules that issue coupons and categories.</summary>
    public static Programme WithCoupons(string[] kinds, string[] issue, string categories = "[]") => PlainWith(document => Coupons(document, kinds, issue, categories));

    /// <summary>Puts kinds of coupons, rules that issue them and categories into a document; names are added.</summary>
    public static void Coupons(JsonNode document, string[] kinds, string[] issue, string categories = "[]")
    {
        document["tiers"] = JsonNode.Parse(Programme.BuiltIn.Document)!["tiers"]!.DeepClone();
        document["coupons"] = new JsonObject { ["kinds"] = Named(kinds), ["issue"] = Named(issue), ["categories"] = JsonNode.Parse(categories) };
    }

    /// <summary>The plain programme with the tiers of the built-in one, member prices and goods that come to some first, each as JSON; names are added.</summary>
    public static Programme WithPrices(string[] prices, params string[] early) => PlainWith(document => Prices(document, prices, early));

    /// <summary>Puts member prices and goods that come to some first into a document; names are added.</summary>
    public static void Prices(JsonNode document, string[] prices, params string[] early)
    {
        document["tiers"] = JsonNode.Parse(Programme.BuiltIn.Document)!["tiers"]!.DeepClone();
        (document["memberPrices"], document["earlyAccess"]) = (Named(prices), Named(early));
    }

    private static JsonArray Named(string[] items) => new([.. items.Select(text =>
    {
        var item = JsonNode.Parse(text)!;
        (item["nameZh"], item["nameEn"]) = ("券", "Coupon");
        return item;
    })]);

    /// <summary>Puts a dictionary of tags into a document.</summary>
    public static void Tags(JsonNode document, params string[] ids) =>
        document["tags"] = new JsonArray([.. ids.Select(id => new JsonObject { ["id"] = id, ["nameZh"] = "标签", ["nameEn"] = "Tag" })]);

    /// <summary>Puts earning rules into a document, and the tags that random ones ask for; names are added.</summary>
    public static void Rules(JsonNode document, params string[] rules)
    {
        Tags(document, RandomRules.Tags);
        document["tiers"] = JsonNode.Parse(Programme.BuiltIn.Document)!["tiers"]!.DeepClone();
        document["earning"] = new JsonObject
        {
            ["rules"] = new JsonArray([.. rules.Select(text =>
            {
                var rule = JsonNode.Parse(text)!;
                (rule["nameZh"], rule["nameEn"]) = ("规则", "Rule");
                return rule;
            })]),
        };
    }
}
