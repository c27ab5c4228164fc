using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ChainCrm.Domain.AccessKeys;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Identities;
using ChainCrm.Domain.Programmes;
using ChainCrm.Domain.Stores;

namespace ChainCrm.Grains.Codecs;

/// <summary>
/// The generated serializers of states in snapshots. Not a storage format: a snapshot that can't be read, or was written by another
/// version of the code, is passed over and the stream is folded.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    RespectNullableAnnotations = true,
    Converters =
    [
        typeof(MoneyConverter), typeof(PointsConverter), typeof(QuantityConverter), typeof(TimestampConverter), typeof(BusinessDayConverter),
        typeof(SealedConverter), typeof(CustomerIdConverter), typeof(StoreIdConverter), typeof(StaffIdConverter), typeof(TillIdConverter),
        typeof(ProductIdConverter), typeof(TierIdConverter),
    ])]
[JsonSerializable(typeof(CustomerStateData))]
[JsonSerializable(typeof(StoreStateData))]
[JsonSerializable(typeof(IdentityStateData))]
[JsonSerializable(typeof(ProgrammeStateData))]
[JsonSerializable(typeof(AccessKeyStateData))]
internal sealed partial class SnapshotJson : JsonSerializerContext;

/// <summary>Writes and reads states in snapshots.</summary>
internal static class SnapshotCodec
{
    private static readonly JsonSerializerOptions Options = EventJsonSettings.For(SnapshotJson.Default, SnapshotJson.Default.Options);

    /// <summary>Writes a state as its shape's mark and JSON.</summary>
    public static void Write<TData>(IBufferWriter<byte> output, byte shape, TData data)
    {
        output.Write([shape]);
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = Options.Encoder, SkipValidation = true });
        JsonSerializer.Serialize(json, data, TypeInfo<TData>());
    }

    /// <summary>Reads a state; null when it has another shape or is damaged.</summary>
    public static TData? Read<TData>(ReadOnlySpan<byte> data, byte shape)
        where TData : class
    {
        if (data.IsEmpty || data[0] != shape)
            return null;
        try
        {
            return JsonSerializer.Deserialize(data[1..], TypeInfo<TData>());
        }
        catch (JsonException)
        {
            // The journal is the truth; a damaged snapshot only costs the time to fold it.
            return null;
        }
    }

    private static JsonTypeInfo<TData> TypeInfo<TData>() => (JsonTypeInfo<TData>)Options.GetTypeInfo(typeof(TData));
}
