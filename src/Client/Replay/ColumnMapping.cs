using System.Text.Json;
using System.Text.Json.Serialization;

namespace ChainCrm.Client.Replay;

/// <summary>Which column of a file holds what. Read from options, from a JSON file (<c>--mapping</c>) or from a preset.</summary>
public sealed record ColumnMapping
{
    /// <summary>Column of the customer's own number; empty fields are sales to nobody known. Becomes the external id.</summary>
    public string? Customer { get; init; }
    /// <summary>Column of the store; null when the file has one store only (<see cref="DefaultStore"/>).</summary>
    public string? Store { get; init; }
    /// <summary>Store of rows whose store column is missing.</summary>
    public string? DefaultStore { get; init; }
    /// <summary>Column of the receipt (basket, invoice) number: rows with the same store and receipt are one purchase.</summary>
    public string? Receipt { get; init; }
    /// <summary>Column of the line number; lines are numbered in the order of the file when null.</summary>
    public string? Line { get; init; }
    public string? Product { get; init; }
    public string? Category { get; init; }
    /// <summary>Column of the quantity; 1 when null.</summary>
    public string? Quantity { get; init; }
    /// <summary>Column of what the retailer gets for the line, after discounts.</summary>
    public string? Amount { get; init; }
    /// <summary>Columns of discounts on the line, positive numbers; the price before discount is the amount plus these.</summary>
    public IReadOnlyList<string> Discounts { get; init; } = [];
    public string? Time { get; init; }
    /// <summary>Column that marks cancellations with 1 or true.</summary>
    public string? Cancellation { get; init; }
    /// <summary>Letter before the number of a cancellation, left out to find the purchase it may mean.</summary>
    public string? CancellationPrefix { get; init; }

    /// <summary>Mappings of the data sets the product is tried on.</summary>
    public static IReadOnlyDictionary<string, ColumnMapping> Presets { get; } = new Dictionary<string, ColumnMapping>(StringComparer.Ordinal)
    {
        ["complete-journey"] = new()
        {
            Customer = "household_id",
            Store = "store_id",
            Receipt = "basket_id",
            Product = "product_id",
            Quantity = "quantity",
            Amount = "sales_value",
            Discounts = ["retail_disc", "coupon_disc", "coupon_match_disc"],
            Time = "transaction_timestamp",
        },
        ["online-retail"] = new()
        {
            Customer = "customer_id",
            DefaultStore = "online",
            Receipt = "invoice_no",
            Quantity = "units",
            Amount = "amount_gbp",
            Time = "invoice_date",
            Cancellation = "is_cancellation",
            CancellationPrefix = "C",
        },
    };

    /// <summary>Reads a mapping file.</summary>
    /// <exception cref="CsvException">The file is no mapping.</exception>
    public static ColumnMapping Load(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return JsonSerializer.Deserialize(stream, MappingJson.Default.ColumnMapping) ?? throw new CsvException($"{path} is empty.");
        }
        catch (JsonException wrong)
        {
            throw new CsvException($"{path} is not a column mapping: {wrong.Message}");
        }
    }

    /// <summary>This mapping with every column that the other names.</summary>
    public ColumnMapping With(ColumnMapping other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new ColumnMapping
        {
            Customer = other.Customer ?? Customer,
            Store = other.Store ?? Store,
            DefaultStore = other.DefaultStore ?? DefaultStore,
            Receipt = other.Receipt ?? Receipt,
            Line = other.Line ?? Line,
            Product = other.Product ?? Product,
            Category = other.Category ?? Category,
            Quantity = other.Quantity ?? Quantity,
            Amount = other.Amount ?? Amount,
            Discounts = other.Discounts.Count > 0 ? other.Discounts : Discounts,
            Time = other.Time ?? Time,
            Cancellation = other.Cancellation ?? Cancellation,
            CancellationPrefix = other.CancellationPrefix ?? CancellationPrefix,
        };
    }

    /// <summary>What is missing before the mapping can be used, in one sentence; null when nothing is.</summary>
    public string? Missing() => this switch
    {
        { Receipt: null } => "No receipt column is named (--receipt).",
        { Amount: null } => "No amount column is named (--amount).",
        { Time: null } => "No time column is named (--time).",
        { Store: null, DefaultStore: null } => "No store column is named (--store) and no store for all rows (--default-store).",
        _ => null,
    };
}

/// <summary>JSON of mapping files; an unknown field is a typing mistake and is refused.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(ColumnMapping))]
internal sealed partial class MappingJson : JsonSerializerContext;
