namespace ChainCrm.Client.Replay;

/// <summary>Oddities of a file, counted by kind. Nothing that is counted here is left out of what is sent, bad rows excepted.</summary>
public sealed class Quirks
{
    public const string ZeroQuantity = "lines with quantity 0";
    public const string ZeroAmount = "lines with amount 0";
    public const string LargeQuantity = "lines with a quantity above 1,000";
    public const string NegativeQuantity = "sale lines with a negative quantity";
    public const string NegativeAmount = "sale lines with a negative amount";
    public const string NegativeDiscount = "lines with a negative discount";
    public const string Rounded = "amounts rounded to the minor unit";
    public const string NoProduct = "lines without a product";
    public const string NotAdjacent = "receipts whose lines are not adjacent";
    public const string SeveralTimes = "receipts whose lines have different times (first taken)";
    public const string WalkIns = "receipts without a customer";
    public const string ZeroReceipts = "sale receipts with nothing to pay or less";
    public const string Cancellations = "cancellations";
    public const string CancellationsMatched = "cancellations matched to a purchase";
    public const string BadRows = "rows that cannot be read (left out)";

    /// <summary>Quantities above this are counted as large: fuel sold in small units, mostly.</summary>
    public const decimal LargeQuantityFrom = 1_000m;

    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <summary>Counts by kind, those that occurred.</summary>
    public IReadOnlyDictionary<string, long> Counts => _counts;

    /// <summary>What rounding added (positive) or left out (negative) in all, in major units.</summary>
    public decimal RoundingTotal { get; private set; }

    /// <summary>How many of a kind.</summary>
    public long this[string kind] => _counts.GetValueOrDefault(kind);

    /// <summary>Counts one.</summary>
    public void Add(string kind) => _counts[kind] = _counts.GetValueOrDefault(kind) + 1;

    /// <summary>Counts a rounded amount.</summary>
    public void AddRounding(decimal difference)
    {
        Add(Rounded);
        RoundingTotal += difference;
    }
}
