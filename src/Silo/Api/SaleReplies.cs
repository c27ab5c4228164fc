using System.Text.Json;
using System.Text.Json.Serialization;
using ChainCrm.Client.Wire;

namespace ChainCrm.Silo.Api;

/// <summary>
/// The reply to a sale, the one that is written most: by code that was generated for it alone, to the same bytes. The
/// generator has no such code for times as <see cref="Wire"/> writes them, so replies with coupons that were issued go the general way.
/// </summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(PurchaseReply))]
internal sealed partial class SaleReplies : JsonSerializerContext
{
    /// <summary>Writes the reply; false, and nothing is written, when it has something that goes the general way.</summary>
    public static bool TryWrite(Utf8JsonWriter writer, PurchaseReply reply)
    {
        if (reply.CouponsIssued is not null || Default.PurchaseReply.SerializeHandler is not { } write) return false;
        write(writer, reply);
        return true;
    }
}
