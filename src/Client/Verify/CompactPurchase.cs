using System.Buffers;
using System.Text.Json;
using ChainCrm.Client.Wire;

namespace ChainCrm.Client.Verify;

/// <summary>
/// Brings a purchase of the compact form back to the long one, by the table in docs/formats/journal-entry.md alone: the checks know one form, and nothing
/// here is shared with the server that wrote it.
/// </summary>
internal static class CompactPurchase
{
    /// <summary>The form of today's entries, and the one of older entries that the checks read.</summary>
    public const string Type = "customer.purchase-recorded.2", LongType = "customer.purchase-recorded.1";

    private const int Discount = 4, Earned = 5, Bonus = 6, Category = 7, LotPoints = 8, Lot = 9, Brand = 10;
    private const int RuleOfTier = 2;
    private const int Room = 3, Counted = 4;

    private static readonly string?[] Rules = [null, "points.earned", null, "cross-store.bonus", "cross-store.bonus-capped", "cross-store.cooling-down"];

    /// <summary>The entry with its purchases in the long form.</summary>
    public static JournalEntryView LongForm(JournalEntryView entry) =>
        entry.Events.Any(happened => happened.Type == Type) ? entry with { Events = [.. entry.Events.Select(LongForm)] } : entry;

    private static JournalEventView LongForm(JournalEventView happened)
    {
        if (happened.Type != Type) return happened;
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output)) Write(json, happened.Data);
        var reader = new Utf8JsonReader(output.WrittenSpan);
        return new JournalEventView(LongType, JsonElement.ParseValue(ref reader));
    }

    private static void Write(Utf8JsonWriter json, JsonElement data)
    {
        json.WriteStartObject();
        Copy(json, data, "store", "s");
        Copy(json, data, "receipt", "r");
        Copy(json, data, "occurredAt", "o");
        Copy(json, data, "businessDay", "d");
        Copy(json, data, "channel", "c");
        var (amount, earned, bonus) = WriteLines(json, data);
        json.WriteNumber("amount", data.NumberOrNull("a") ?? amount);
        Copy(json, data, "pointsUsed", "u");
        WriteLotsUsed(json, data);
        Copy(json, data, "pointsValue", "uv");
        json.WriteNumber("pointsEarned", data.NumberOrNull("e") ?? earned);
        json.WriteNumber("pointsBonus", data.NumberOrNull("eb") ?? bonus);
        Copy(json, data, "debtPaid", "dp");
        Copy(json, data, "activeFrom", "af", "o");
        Copy(json, data, "expiresAt", "x");
        Copy(json, data, "byInactivity", "xi");
        Copy(json, data, "previousStore", "ps", "s");
        Copy(json, data, "crossStore", "cs");
        Copy(json, data, "balance", "b");
        Copy(json, data, "qualifyingSpend", "q");
        Copy(json, data, "qualifyingFrom", "qf");
        Copy(json, data, "qualifyingTo", "qt", "d");
        Copy(json, data, "qualifyingPoints", "qp");
        Copy(json, data, "qualifyingVisits", "qv");
        Copy(json, data, "tier", "t");
        WriteRules(json, data);
        WriteGrants(json, data);
        Copy(json, data, "tags", "tg");
        WriteStoredValue(json, data);
        WriteCoupons(json, data);
        WriteMemberPrices(json, data);
        Copy(json, data, "at", "at", "o");
        json.WriteStartObject("origin");
        Copy(json, data, "store", "os", "s");
        Copy(json, data, "staff", "of");
        Copy(json, data, "till", "ot");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Writes the lines and answers their sums.</summary>
    private static (long Amount, long Earned, long Bonus) WriteLines(Utf8JsonWriter json, JsonElement data)
    {
        var (amount, earned, bonus) = (0L, 0L, 0L);
        json.WriteStartArray("lines");
        foreach (var line in data.List("l"))
        {
            var points = At(line, Earned) + At(line, Bonus);
            amount += line[3].GetInt64() - At(line, Discount);
            earned += points;
            bonus += At(line, Bonus);
            var lotPoints = At(line, LotPoints, points);
            json.WriteStartObject();
            json.WriteNumber("line", line[0].GetInt64());
            json.WriteString("product", line[1].GetString());
            if (line.GetArrayLength() > Category && line[Category].ValueKind != JsonValueKind.Null) json.WriteString("category", line[Category].GetString());
            if (line.GetArrayLength() > Brand) json.WriteString("brand", line[Brand].GetString());
            json.WriteNumber("quantity", line[2].GetInt64());
            json.WriteNumber("price", line[3].GetInt64());
            json.WriteNumber("discount", At(line, Discount));
            json.WriteNumber("earned", At(line, Earned));
            json.WriteNumber("bonus", At(line, Bonus));
            json.WriteNumber("lot", At(line, Lot, lotPoints > 0 ? data.Number("g") : 0));
            json.WriteNumber("lotPoints", lotPoints);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        return (amount, earned, bonus);
    }

    private static void WriteStoredValue(Utf8JsonWriter json, JsonElement data)
    {
        if (data.List("sv").ToList() is not [var principal, var gift, var principalAfter, var giftAfter]) return;
        WritePart(json, "storedValueUsed", principal, gift);
        WritePart(json, "storedValueBalance", principalAfter, giftAfter);
    }

    private static void WriteCoupons(Utf8JsonWriter json, JsonElement data)
    {
        if (data.TryGetProperty("k", out _))
        {
            json.WriteStartArray("coupons");
            foreach (var use in data.List("k"))
            {
                json.WriteStartObject();
                json.WriteNumber("number", use[0].GetInt64());
                json.WriteString("kind", use[1].GetString());
                json.WriteNumber("discount", use[2].GetInt64());
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        Copy(json, data, "couponShares", "ks");
    }

    private static void WriteMemberPrices(Utf8JsonWriter json, JsonElement data)
    {
        if (!data.TryGetProperty("mp", out _)) return;
        json.WriteStartArray("memberPrices");
        foreach (var use in data.List("mp"))
        {
            json.WriteStartObject();
            json.WriteNumber("line", use[0].GetInt64());
            json.WriteString("price", use[1].GetString());
            json.WriteNumber("off", use[2].GetInt64());
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WritePart(Utf8JsonWriter json, string name, JsonElement principal, JsonElement gift)
    {
        json.WriteStartObject(name);
        json.WriteNumber("principal", principal.GetInt64());
        json.WriteNumber("gift", gift.GetInt64());
        json.WriteEndObject();
    }

    private static void WriteLotsUsed(Utf8JsonWriter json, JsonElement data)
    {
        json.WriteStartArray("lotsUsed");
        foreach (var part in data.List("ul"))
        {
            json.WriteStartObject();
            json.WriteNumber("lot", part[0].GetInt64());
            json.WriteNumber("points", part[1].GetInt64());
            if (part.GetArrayLength() > 2) json.WriteNumber("expiresAt", part[2].GetInt64());
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteRules(Utf8JsonWriter json, JsonElement data)
    {
        json.WriteStartArray("rules");
        foreach (var rule in data.List("n"))
        {
            if (rule.ValueKind == JsonValueKind.String) rule.WriteTo(json);
            else json.WriteStringValue(NameOf(rule, data));
        }

        json.WriteEndArray();
    }

    private static void WriteGrants(Utf8JsonWriter json, JsonElement data)
    {
        if (!data.TryGetProperty("w", out _)) return;
        json.WriteStartArray("grants");
        foreach (var grant in data.List("w"))
        {
            json.WriteStartObject();
            json.WriteString("rule", grant[0].GetString());
            json.WriteNumber("points", At(grant, 1));
            json.WriteNumber("withheld", At(grant, 2));
            if (grant.GetArrayLength() > Room && grant[Room].ValueKind == JsonValueKind.Number) json.WriteNumber("room", grant[Room].GetInt64());
            json.WriteNumber("counted", At(grant, Counted));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    // What this version does not know, of a later server or of a damaged entry, is told as it is and ends nothing.
    private static string NameOf(JsonElement rule, JsonElement data)
    {
        if (rule.ValueKind != JsonValueKind.Number || !rule.TryGetInt32(out var number)) return $"rule.{rule.GetRawText()}";
        if (number == RuleOfTier) return $"tier.{data.Text("t")}";
        return number >= 0 && number < Rules.Length && Rules[number] is { } name ? name : $"rule.{rule.GetRawText()}";
    }

    /// <summary>An element of a line; what is beyond its end means something that follows from the rest.</summary>
    private static long At(JsonElement line, int place, long beyond = 0) => line.GetArrayLength() > place ? line[place].GetInt64() : beyond;

    /// <summary>A member under its long name; where it is left out, the other that it repeats. null is what the long form leaves out.</summary>
    private static void Copy(Utf8JsonWriter json, JsonElement data, string longName, string name, string? repeats = null)
    {
        if (!data.TryGetProperty(name, out var value) && (repeats is null || !data.TryGetProperty(repeats, out value))) return;
        if (value.ValueKind == JsonValueKind.Null) return;
        json.WritePropertyName(longName);
        value.WriteTo(json);
    }
}
