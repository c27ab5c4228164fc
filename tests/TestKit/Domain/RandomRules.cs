using System.Text.Json.Nodes;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;

namespace ChainCrm.TestKit.Domain;

/// <summary>Which rules a generator makes.</summary>
public enum RuleShape
{
    /// <summary>Every kind of them.</summary>
    Any,
    /// <summary>Those that a receipt in parts can not get more of: no minimum, no group, no cap, nothing fixed.</summary>
    Divisible,
}

/// <summary>Earning rules of every kind out of a number, and sales that some of them match.</summary>
public static class RandomRules
{
    /// <summary>Those that the rules ask for.</summary>
    public static readonly string[] Categories = ["护肤", "食品", "家居"];
    public static readonly string[] Brands = ["青禾", "Acme"];
    public static readonly string[] Tags = ["vip", "staff-family", "novelty"];
    private static readonly string[] Channels = ["app", "store"];
    private static readonly string[] Weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    private static readonly string[] Tiers = ["member", "silver", "gold", "black-gold"];
    private static readonly string[] Times = ["00:00", "08:00", "12:00", "12:01", "22:30"];
    private static readonly string[] Days = ["2023-06-01", "2024-01-01", "2024-01-15", "2024-03-01", "2025-01-01", "2026-02-01"];
    private static readonly string[] Periods = ["purchase", "day", "month", "year", "ever"];

    /// <summary>One to eight rules, as JSON.</summary>
    public static string[] Of(int seed, RuleShape shape = RuleShape.Any)
    {
        var dice = Dice.Of(seed);
        return [.. Enumerable.Range(0, 1 + dice.Next(8)).Select(i => Rule(dice, $"r{i}", shape).ToJsonString())];
    }

    /// <summary>Channel and place of a sale; each may be unknown.</summary>
    public static Func<RecordPurchase, RecordPurchase> FactsOf(int seed)
    {
        var dice = Dice.Of(seed);
        var (channel, known) = (dice.OneIn(3) ? null : dice.Of(Channels), !dice.OneIn(4));
        return sale => sale with { Channel = channel, Region = known ? "华东" : null, City = known ? $"city-{sale.Store}" : null };
    }

    /// <summary>A category, or none.</summary>
    internal static string? CategoryOf(Dice dice) => dice.OneIn(4) ? null : dice.Of(Categories);

    /// <summary>A brand, or mostly none, of something drawn already.</summary>
    internal static string? BrandOf(int drawn) => drawn % 3 == 0 ? Brands[drawn % Brands.Length] : null;

    private static JsonObject Rule(Dice dice, string id, RuleShape shape)
    {
        var rule = new JsonObject { ["id"] = id, ["give"] = Give(dice, shape) };
        if (!dice.OneIn(4)) rule["when"] = Condition(dice, 1 + dice.Next(3));
        if (shape == RuleShape.Divisible) return rule;
        if (dice.OneIn(12)) rule["enabled"] = false;
        if (dice.OneIn(3)) rule["minimum"] = new JsonObject { ["amountMinor"] = dice.Next(20_000), ["quantity"] = dice.Of([0, 0.001m, 1.5m, 3m]) };
        if (dice.OneIn(2)) rule["group"] = dice.Of(["g", "h"]);
        if (!dice.OneIn(3)) rule["caps"] = Caps(dice);
        return rule;
    }

    private static JsonObject Give(Dice dice, RuleShape shape) => dice.Next(shape == RuleShape.Any ? 4 : 2) switch
    {
        0 => new JsonObject { ["kind"] = "multiply", ["percent"] = dice.Of([101, 150, 200, 333]) },
        1 => new JsonObject { ["kind"] = "perUnit", ["points"] = dice.Of([0.0001m, 0.0777m, 0.5m, 3m]) },
        2 => new JsonObject { ["kind"] = "perItem", ["points"] = 1 + dice.Next(40) },
        _ => new JsonObject { ["kind"] = "fixed", ["points"] = 1 + dice.Next(200) },
    };

    private static JsonArray Caps(Dice dice)
    {
        var caps = new JsonArray();
        foreach (var per in Periods)
        {
            if (dice.OneIn(3)) caps.Add(new JsonObject { ["per"] = per, ["points"] = 1 + dice.Next(dice.OneIn(2) ? 60 : 600), ["over"] = dice.OneIn(3) ? "refuse" : "reduce" });
        }

        return caps;
    }

    private static JsonObject Condition(Dice dice, int levels) => dice.Next(levels > 1 ? 6 : 3) switch
    {
        3 => new JsonObject { ["all"] = Conditions(dice, levels - 1) },
        4 => new JsonObject { ["any"] = Conditions(dice, levels - 1) },
        5 => new JsonObject { ["not"] = Condition(dice, levels - 1) },
        _ => Fact(dice),
    };

    private static JsonArray Conditions(Dice dice, int levels) => [.. Enumerable.Range(0, 1 + dice.Next(3)).Select(_ => Condition(dice, levels))];

    private static JsonObject Fact(Dice dice) => dice.Next(13) switch
    {
        0 => OneOf("tier", dice.Of(Tiers), dice.Of(Tiers)),
        1 => OneOf("store", "S1", $"S{1 + dice.Next(3)}"),
        2 => OneOf("region", "华东"),
        3 => OneOf("city", "city-S1", "city-S2"),
        4 => OneOf("channel", dice.Of(Channels)),
        5 => OneOf("weekday", dice.Of(Weekdays), dice.Of(Weekdays), dice.Of(Weekdays)),
        6 => new JsonObject { ["fact"] = "day", [dice.OneIn(2) ? "from" : "to"] = dice.Of(Days) },
        7 when Times[dice.Next(2)] is var from => new JsonObject { ["fact"] = "time", ["from"] = from, ["to"] = Times[2 + dice.Next(3)] },
        8 => new JsonObject { ["fact"] = "crossStore", ["is"] = dice.OneIn(2) },
        11 => OneOf("brand", dice.Of(Brands), dice.Of(Brands)),
        12 => OneOf("tag", dice.Of(Tags), dice.Of(Tags)),
        9 => OneOf("product", "P1", $"P{1 + dice.Next(4)}"),
        _ => OneOf("category", dice.Of(Categories), dice.Of(Categories)),
    };

    private static JsonObject OneOf(string fact, params string[] values) =>
        new() { ["fact"] = fact, ["in"] = new JsonArray([.. values.Select(value => JsonValue.Create(value))]) };
}
