using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ChainCrm.Silo.Api;

namespace ChainCrm.Silo.OpenApi;

/// <summary>
/// Schemas of the wire types (JSON Schema 2020-12), made from the very metadata that reads and writes them, so that the document can't
/// say something else than the server does.
/// </summary>
internal sealed class SchemaBook(WireComments comments)
{
    private readonly SortedDictionary<string, JsonNode> _schemas = new(StringComparer.Ordinal);
    private readonly NullabilityInfoContext _nullability = new();

    /// <summary>A reference to the schema of a wire type; the schema is added when it is new.</summary>
    public JsonNode Reference(Type type)
    {
        if (!_schemas.ContainsKey(type.Name))
        {
            // Known before its properties are looked at: a problem holds problems.
            _schemas[type.Name] = new JsonObject();
            _schemas[type.Name] = ObjectSchema(Wire.Json.GetTypeInfo(type)!);
        }

        return new JsonObject { ["$ref"] = "#/components/schemas/" + type.Name };
    }

    /// <summary>All schemas so far, by name.</summary>
    public JsonObject ToJson()
    {
        var all = new JsonObject();
        foreach (var (name, schema) in _schemas) all[name] = schema.DeepClone();
        return all;
    }

    private JsonObject ObjectSchema(JsonTypeInfo type)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var property in type.Properties)
        {
            var declared = property.AttributeProvider as PropertyInfo;
            var nullable = declared is null || _nullability.Create(declared).ReadState == NullabilityState.Nullable;
            var schema = SchemaOf(property.PropertyType, nullable);
            var said = comments.Of(type.Type, declared?.Name ?? property.Name);
            if (said is not null) schema["description"] = said;
            properties[property.Name] = schema;
            if (property.IsRequired || (!nullable && IsReply(type.Type))) required.Add((JsonNode)property.Name);
        }

        var result = new JsonObject { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = false };
        if (required.Count > 0) result["required"] = required;
        if (comments.Of(type.Type) is { } about) result["description"] = about;
        return result;
    }

    private JsonObject SchemaOf(Type type, bool nullable)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (plain == typeof(string)) return Typed("string", nullable);
        if (plain == typeof(bool)) return Typed("boolean", nullable);
        if (plain == typeof(int)) return Typed("integer", nullable, "int32");
        if (plain == typeof(long)) return Typed("integer", nullable, "int64");
        if (plain == typeof(decimal)) return Typed("number", nullable);
        if (plain == typeof(DateTimeOffset)) return Typed("string", nullable, "date-time");
        // Any JSON: the document of a programme, a stored event.
        if (plain == typeof(JsonElement)) return [];
        if (ItemOf(plain) is { } item)
        {
            var list = Typed("array", nullable);
            list["items"] = SchemaOf(item, nullable: false);
            return list;
        }

        var reference = (JsonObject)Reference(plain);
        return nullable ? new JsonObject { ["oneOf"] = new JsonArray(reference, new JsonObject { ["type"] = "null" }) } : reference;
    }

    /// <summary>A reply writes every value that is not null; a request may leave out what has a meaning of its own when it is missing.</summary>
    private static bool IsReply(Type type) => !type.Name.EndsWith("Request", StringComparison.Ordinal) && type.Name != "CustomerKey";

    private static Type? ItemOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : null;

    private static JsonObject Typed(string type, bool nullable, string? format = null)
    {
        var schema = new JsonObject { ["type"] = nullable ? new JsonArray(type, "null") : type };
        if (format is not null) schema["format"] = format;
        return schema;
    }
}
