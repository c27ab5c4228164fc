using System.Text.Json;
using System.Text.Json.Serialization;

namespace ChainCrm.Grains.Personal;

/// <summary>The clear form of what is sealed. Its names are a storage format: never rename, only add.</summary>
internal sealed record PersonalJson
{
    [JsonPropertyName("n")] public string? Name { get; init; }
    [JsonPropertyName("p")] public string? Phone { get; init; }
    [JsonPropertyName("c")] public string? Card { get; init; }
    [JsonPropertyName("x")] public string? ExternalId { get; init; }
    [JsonPropertyName("b")] public string? Birthday { get; init; }

    public static byte[] Write(PersonalData data) => JsonSerializer.SerializeToUtf8Bytes(
        new PersonalJson { Name = data.Name, Phone = data.Phone, Card = data.Card, ExternalId = data.ExternalId, Birthday = data.Birthday },
        PersonalJsonContext.Default.PersonalJson);

    public static PersonalData Read(ReadOnlySpan<byte> clear)
    {
        var json = JsonSerializer.Deserialize(clear, PersonalJsonContext.Default.PersonalJson) ?? new PersonalJson();
        return new PersonalData { Name = json.Name, Phone = json.Phone, Card = json.Card, ExternalId = json.ExternalId, Birthday = json.Birthday };
    }
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PersonalJson))]
internal sealed partial class PersonalJsonContext : JsonSerializerContext;
