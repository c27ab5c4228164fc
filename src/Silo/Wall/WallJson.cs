using System.Text.Json.Serialization;
using ChainCrm.Client.Wire;

namespace ChainCrm.Silo.Wall;

/// <summary>JSON of the wall, generated at compile time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WallMessage))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(string))]
internal sealed partial class WallJson : JsonSerializerContext;
