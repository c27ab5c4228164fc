using System.Text.Json;
using System.Text.Json.Nodes;

namespace ChainCrm.Simulation;

/// <summary>
/// A purchase of the compact form as the auditor's arithmetic reads it: under the names of the long form, with what was left out put in again. Written
/// from docs/formats/journal-entry.md, apart from the codec on purpose.
/// </summary>
internal static class CompactPurchase
{
    /// <summary>The event as it is, or in the long form when it is a compact purchase.</summary>
    public static (string Name, JsonElement Data) LongForm(string name, JsonElement data)
    {
        if (name != "customer.purchase-recorded.2") return (name, data);
        var (lines, amount, earned) = (new JsonArray(), 0L, 0L);
        foreach (var line in data.GetProperty("l").EnumerateArray())
        {
            var points = At(line, 5, 0) + At(line, 6, 0);
            var lotPoints = At(line, 8, points);
            earned += points;
            amount += line[3].GetInt64() - At(line, 4, 0);
            lines.Add(new JsonObject
            {
                ["line"] = line[0].GetInt64(), ["quantity"] = line[2].GetInt64(), ["earned"] = At(line, 5, 0), ["bonus"] = At(line, 6, 0), ["lotPoints"] = lotPoints,
                ["lot"] = At(line, 9, lotPoints > 0 ? Number(data, "g", 0) : 0),
            });
        }

        var used = new JsonArray();
        if (data.TryGetProperty("ul", out var parts))
            foreach (var part in parts.EnumerateArray()) used.Add(new JsonObject { ["lot"] = part[0].GetInt64(), ["points"] = part[1].GetInt64() });
        var expanded = new JsonObject
        {
            ["store"] = data.GetProperty("s").GetString(), ["receipt"] = data.GetProperty("r").GetString(), ["businessDay"] = data.GetProperty("d").GetInt64(), ["lines"] = lines,
            ["amount"] = Number(data, "a", amount), ["lotsUsed"] = used, ["pointsUsed"] = Number(data, "u", 0), ["pointsEarned"] = Number(data, "e", earned),
            ["debtPaid"] = Number(data, "dp", 0), ["crossStore"] = data.TryGetProperty("cs", out var crossStore) && crossStore.GetBoolean(),
            ["balance"] = data.GetProperty("b").GetInt64(), ["at"] = Number(data, "at", data.GetProperty("o").GetInt64()),
        };
        if (data.TryGetProperty("x", out var expires)) expanded["expiresAt"] = expires.GetInt64();
        return ("customer.purchase-recorded.1", JsonSerializer.SerializeToElement(expanded));
    }

    private static long At(JsonElement line, int place, long beyond) => line.GetArrayLength() > place ? line[place].GetInt64() : beyond;

    private static long Number(JsonElement data, string name, long absent) => data.TryGetProperty(name, out var value) ? value.GetInt64() : absent;
}
