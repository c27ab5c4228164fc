using System.Text.Json.Nodes;

namespace ChainCrm.TestKit.Domain;

/// <summary>Member prices of every kind out of a number, of which some fit the lines of <see cref="RandomRules"/>.</summary>
public static class RandomPrices
{
    /// <summary>One to five prices, each as JSON.</summary>
    public static string[] Of(int seed)
    {
        var dice = Dice.Of(seed + 55);
        return [.. Enumerable.Range(1, 1 + dice.Next(5)).Select(number => PriceOf($"m{number}", dice))];
    }

    /// <summary>Goods of two brands that come to some members first.</summary>
    public static string[] Early(int seed)
    {
        var dice = Dice.Of(seed + 66);
        return
        [
            $$$"""{"id":"e1","goods":{"fact":"brand","in":["Acme"]},"who":{"fact":"tier","in":["silver","gold"]},"earlyFrom":"2024-01-10","publicFrom":"2024-0{{{2 + dice.Next(7)}}}-01"}""",
            """{"id":"e2","goods":{"all":[{"fact":"brand","in":["Acme"]},{"fact":"category","in":["护肤"]}]},"who":{"fact":"store","in":["S1"]},"publicFrom":"2024-03-01"}""",
        ];
    }

    private static string PriceOf(string id, Dice dice)
    {
        var price = new JsonObject
        {
            ["id"] = id,
            ["give"] = dice.OneIn(3) ? new JsonObject { ["kind"] = "price", ["minor"] = dice.Next(9_000) } : new JsonObject { ["kind"] = "percent", ["percent"] = 1 + dice.Next(dice.OneIn(5) ? 100 : 30) },
        };
        if (dice.OneIn(6)) price["enabled"] = false;
        if (dice.OneIn(4)) price["onDiscounted"] = false;
        var fact = dice.Next(5) switch
        {
            0 => """{"fact":"tier","in":["silver","gold","black-gold"]}""",
            1 => """{"fact":"category","in":["护肤","食品"]}""",
            2 => """{"all":[{"fact":"brand","in":["青禾"]},{"fact":"store","in":["S1","S2"]}]}""",
            3 => """{"fact":"weekday","in":["sat","sun","mon"]}""",
            _ => null,
        };
        if (fact is not null) price["when"] = JsonNode.Parse(fact);
        return price.ToJsonString();
    }
}
