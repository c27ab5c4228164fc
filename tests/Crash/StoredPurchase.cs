using System.Text.Json;

namespace ChainCrm.Crash;

/// <summary>A purchase as it stands in the journal (docs/formats/journal-entry.md), read without the product's code.</summary>
internal static class StoredPurchase
{
    public const string Type = "customer.purchase-recorded.2";

    private const int Price = 3, Discount = 4;

    /// <summary>What was paid for the goods: left out where it is the sum of the lines.</summary>
    public static long AmountMinor(JsonElement data) =>
        data.TryGetProperty("a", out var amount)
            ? amount.GetInt64()
            : data.GetProperty("l").EnumerateArray().Sum(line => line[Price].GetInt64() - (line.GetArrayLength() > Discount ? line[Discount].GetInt64() : 0));
}
