using System.Text.Json;
using System.Text.Json.Serialization;

namespace ChainCrm.Silo.Demo;

/// <summary>What a generated chain of one trade is like. Read from the JSON files in Templates, which are part of the program.</summary>
internal sealed record DemoTemplate
{
    /// <summary>beauty, food or retail.</summary>
    public required string Name { get; init; }
    /// <summary>Last word of a store's name.</summary>
    public required string StoreWord { get; init; }
    /// <summary>Share of sales to members.</summary>
    public required int MemberPercent { get; init; }
    /// <summary>New members per thousand sales.</summary>
    public required int EnrolPerMille { get; init; }
    /// <summary>Returned sales per thousand.</summary>
    public required int ReturnPerMille { get; init; }
    /// <summary>Redemptions per thousand sales to members.</summary>
    public required int RedeemPerMille { get; init; }
    /// <summary>Share of sales to members that are paid partly with points.</summary>
    public required int UsePointsPercent { get; init; }
    /// <summary>Most lines of a receipt.</summary>
    public required int LinesMax { get; init; }
    /// <summary>Relative trade of the 24 hours; never 0, so that a demo looks alive at night too.</summary>
    public required IReadOnlyList<int> Hours { get; init; }
    /// <summary>Trade of the days of the week in percent, Sunday first.</summary>
    public required IReadOnlyList<int> Weekdays { get; init; }
    /// <summary>What points are redeemed for.</summary>
    public required IReadOnlyList<string> Gifts { get; init; }
    /// <summary>The rules that the chain publishes.</summary>
    public required JsonElement Programme { get; init; }
    /// <summary>What is sold.</summary>
    public required IReadOnlyList<DemoCategory> Categories { get; init; }

    /// <summary>The template of a name.</summary>
    public static DemoTemplate Load(string name)
    {
        using var resource = typeof(DemoTemplate).Assembly.GetManifestResourceStream($"ChainCrm.Silo.Demo.Templates.{name}.json")
            ?? throw new InvalidOperationException($"There is no demo template {name}.");
        return JsonSerializer.Deserialize(resource, DemoJson.Default.DemoTemplate)
            ?? throw new InvalidOperationException($"The demo template {name} is empty.");
    }
}

/// <summary>A category and its products.</summary>
internal sealed record DemoCategory(string Name, int Weight, IReadOnlyList<DemoProduct> Products);

/// <summary>A product and its price, minor units.</summary>
internal sealed record DemoProduct(string Id, string Name, long PriceMinor);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(DemoTemplate))]
[JsonSerializable(typeof(DemoMark))]
internal sealed partial class DemoJson : JsonSerializerContext;
