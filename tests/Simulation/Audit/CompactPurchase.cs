using System.Buffers;
using System.Text.Json;

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
        var bytes = new ArrayBufferWriter<byte>(1_024);
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("store", data.GetProperty("s").GetString());
            json.WriteString("receipt", data.GetProperty("r").GetString());
            json.WriteNumber("occurredAt", data.GetProperty("o").GetInt64());
            json.WriteBoolean("byInactivity", data.TryGetProperty("xi", out var byInactivity) && byInactivity.GetBoolean());
            json.WriteNumber("businessDay", data.GetProperty("d").GetInt64());
            var (amount, earned, bonus) = Lines(json, data);
            json.WriteNumber("amount", Number(data, "a", amount));
            LotsUsed(json, data);
            Grants(json, data);
            StoredValue(json, data);
            Coupons(json, data);
            Prices(json, data);
            Copy(json, data, "tags", "tg");
            json.WriteNumber("pointsUsed", Number(data, "u", 0));
            json.WriteNumber("pointsEarned", Number(data, "e", earned));
            json.WriteNumber("pointsBonus", Number(data, "eb", bonus));
            json.WriteNumber("pointsValue", Number(data, "uv", 0));
            json.WriteNumber("debtPaid", Number(data, "dp", 0));
            json.WriteBoolean("crossStore", data.TryGetProperty("cs", out var crossStore) && crossStore.GetBoolean());
            if (data.TryGetProperty("qp", out var points)) json.WriteNumber("qualifyingPoints", points.GetInt64());
            if (data.TryGetProperty("qv", out var visits)) json.WriteNumber("qualifyingVisits", visits.GetInt64());
            json.WriteNumber("balance", data.GetProperty("b").GetInt64());
            json.WriteNumber("at", Number(data, "at", data.GetProperty("o").GetInt64()));
            json.WriteNumber("activeFrom", Number(data, "af", data.GetProperty("o").GetInt64()));
            if (data.TryGetProperty("x", out var expires)) json.WriteNumber("expiresAt", expires.GetInt64());
            json.WriteEndObject();
        }

        var reader = new Utf8JsonReader(bytes.WrittenSpan);
        return ("customer.purchase-recorded.1", JsonElement.ParseValue(ref reader));
    }

    private static void Prices(Utf8JsonWriter json, JsonElement data)
    {
        json.WriteBoolean("asksMemberPrices", data.TryGetProperty("ma", out var asks) && asks.GetBoolean());
        json.WriteStartObject("memberPrices");
        foreach (var use in data.List("mp"))
        {
            json.WriteStartObject(use[0].GetRawText());
            json.WriteString("price", use[1].GetString());
            json.WriteNumber("off", use[2].GetInt64());
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteStartArray("earlySales");
        foreach (var early in data.List("es"))
            json.WriteStringValue(early[1].GetString());
        json.WriteEndArray();
    }

    private static (long Amount, long Earned, long Bonus) Lines(Utf8JsonWriter json, JsonElement data)
    {
        var (amount, earned, bonus) = (0L, 0L, 0L);
        json.WriteStartArray("lines");
        foreach (var line in data.GetProperty("l").EnumerateArray())
        {
            var points = At(line, 5, 0) + At(line, 6, 0);
            var lotPoints = At(line, 8, points);
            earned += points;
            bonus += At(line, 6, 0);
            amount += line[3].GetInt64() - At(line, 4, 0);
            json.WriteStartObject();
            json.WriteNumber("line", line[0].GetInt64());
            json.WriteNumber("quantity", line[2].GetInt64());
            json.WriteNumber("price", line[3].GetInt64());
            json.WriteNumber("discount", At(line, 4, 0));
            json.WriteNumber("earned", At(line, 5, 0));
            json.WriteNumber("bonus", At(line, 6, 0));
            json.WriteNumber("lotPoints", lotPoints);
            json.WriteNumber("lot", At(line, 9, lotPoints > 0 ? Number(data, "g", 0) : 0));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        return (amount, earned, bonus);
    }

    private static void LotsUsed(Utf8JsonWriter json, JsonElement data)
    {
        json.WriteStartArray("lotsUsed");
        if (data.TryGetProperty("ul", out var parts))
        {
            foreach (var part in parts.EnumerateArray())
            {
                json.WriteStartObject();
                json.WriteNumber("lot", part[0].GetInt64());
                json.WriteNumber("points", part[1].GetInt64());
                json.WriteEndObject();
            }
        }

        json.WriteEndArray();
    }

    private static void Grants(Utf8JsonWriter json, JsonElement data)
    {
        json.WriteStartArray("grants");
        foreach (var grant in data.List("w"))
        {
            json.WriteStartObject();
            json.WriteString("rule", grant[0].GetString());
            json.WriteNumber("points", At(grant, 1, 0));
            json.WriteNumber("withheld", At(grant, 2, 0));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void StoredValue(Utf8JsonWriter json, JsonElement data)
    {
        if (!data.TryGetProperty("sv", out var parts))
            return;
        Part(json, "storedValueUsed", parts[0], parts[1]);
        Part(json, "storedValueBalance", parts[2], parts[3]);
    }

    private static void Coupons(Utf8JsonWriter json, JsonElement data)
    {
        json.WriteStartArray("coupons");
        foreach (var use in data.List("k"))
        {
            json.WriteStartObject();
            json.WriteNumber("number", use[0].GetInt64());
            json.WriteString("kind", use[1].GetString());
            json.WriteNumber("discount", use[2].GetInt64());
            json.WriteNumber("until", At(use, 5, 0));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Copy(json, data, "couponShares", "ks");
        Copy(json, data, "couponsSkipped", "kx");
    }

    private static void Copy(Utf8JsonWriter json, JsonElement data, string name, string from)
    {
        if (!data.TryGetProperty(from, out var list))
            return;
        json.WritePropertyName(name);
        list.WriteTo(json);
    }

    private static void Part(Utf8JsonWriter json, string name, JsonElement principal, JsonElement gift)
    {
        json.WriteStartObject(name);
        json.WriteNumber("principal", principal.GetInt64());
        json.WriteNumber("gift", gift.GetInt64());
        json.WriteEndObject();
    }

    private static long At(JsonElement line, int place, long beyond) => line.GetArrayLength() > place ? line[place].GetInt64() : beyond;

    private static long Number(JsonElement data, string name, long absent) => data.TryGetProperty(name, out var value) ? value.GetInt64() : absent;
}
