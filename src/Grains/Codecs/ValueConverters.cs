using System.Text.Json;
using System.Text.Json.Serialization;
using ChainCrm.Domain;

namespace ChainCrm.Grains.Codecs;

// Values are plain numbers and strings in the journal: a storage format that any tool can read.

internal sealed class MoneyConverter : JsonConverter<Money>
{
    public override Money Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt64());
    public override void Write(Utf8JsonWriter writer, Money value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Minor);
}

internal sealed class PointsConverter : JsonConverter<Points>
{
    public override Points Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt64());
    public override void Write(Utf8JsonWriter writer, Points value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Count);
}

internal sealed class QuantityConverter : JsonConverter<Quantity>
{
    public override Quantity Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt64());
    public override void Write(Utf8JsonWriter writer, Quantity value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Milli);
}

internal sealed class TimestampConverter : JsonConverter<Timestamp>
{
    public override Timestamp Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt64());
    public override void Write(Utf8JsonWriter writer, Timestamp value, JsonSerializerOptions options) => writer.WriteNumberValue(value.UnixMs);
}

internal sealed class BusinessDayConverter : JsonConverter<BusinessDay>
{
    public override BusinessDay Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt32());
    public override void Write(Utf8JsonWriter writer, BusinessDay value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Number);
}

internal sealed class SealedConverter : JsonConverter<Sealed>
{
    public override Sealed Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetBytesFromBase64());
    public override void Write(Utf8JsonWriter writer, Sealed value, JsonSerializerOptions options) => writer.WriteBase64StringValue(value.Bytes);
}

/// <summary>Ids are strings; those that repeat across customers come from the <see cref="StringPool"/>.</summary>
internal abstract class IdConverter<TId>(bool pooled) : JsonConverter<TId>
    where TId : struct
{
    protected abstract TId Make(string value);
    protected abstract string Text(TId id);

    public override TId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Make(pooled ? JsonInput.PooledText(ref reader) : JsonInput.Text(ref reader));

    public override void Write(Utf8JsonWriter writer, TId value, JsonSerializerOptions options) => writer.WriteStringValue(Text(value));
}

internal sealed class CustomerIdConverter() : IdConverter<CustomerId>(pooled: false)
{
    protected override CustomerId Make(string value) => new(value);
    protected override string Text(CustomerId id) => id.Value;
}

internal sealed class StoreIdConverter() : IdConverter<StoreId>(pooled: true)
{
    protected override StoreId Make(string value) => new(value);
    protected override string Text(StoreId id) => id.Value;
}

internal sealed class StaffIdConverter() : IdConverter<StaffId>(pooled: true)
{
    protected override StaffId Make(string value) => new(value);
    protected override string Text(StaffId id) => id.Value;
}

internal sealed class TillIdConverter() : IdConverter<TillId>(pooled: true)
{
    protected override TillId Make(string value) => new(value);
    protected override string Text(TillId id) => id.Value;
}

internal sealed class ProductIdConverter() : IdConverter<ProductId>(pooled: true)
{
    protected override ProductId Make(string value) => new(value);
    protected override string Text(ProductId id) => id.Value;
}

internal sealed class TierIdConverter() : IdConverter<TierId>(pooled: true)
{
    protected override TierId Make(string value) => new(value);
    protected override string Text(TierId id) => id.Value;
}
