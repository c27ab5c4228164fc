using System.Globalization;
using ChainCrm.Client.Wire;

namespace ChainCrm.Client.Replay;

/// <summary>Reads a file of purchases into a plan. Rows with the same store and receipt make one purchase, wherever in the file they stand.</summary>
public sealed class PlanBuilder
{
    /// <summary>The product sent for rows that name none, since every line needs one.</summary>
    public const string UnknownProduct = "unspecified";

    private readonly CsvRows _rows;
    private readonly PlanOptions _options;
    private readonly RowReader _reader;
    private readonly Quirks _quirks = new();
    private readonly Dictionary<(string Store, string Receipt), Basket> _baskets = [];
    private readonly List<Basket> _inFileOrder = [];
    private readonly List<BadRow> _badRows = [];
    private Basket? _last;
    private long _rowCount;

    private PlanBuilder(TextReader text, PlanOptions options)
    {
        _options = options;
        _rows = new CsvRows(text);
        _reader = new RowReader(_rows, options, _quirks);
    }

    /// <summary>Reads a whole file.</summary>
    /// <exception cref="CsvException">The file has no header, or lacks a column that the mapping names.</exception>
    public static ReplayPlan Build(TextReader text, PlanOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(options);
        return new PlanBuilder(text, options).Build(cancellation);
    }

    private ReplayPlan Build(CancellationToken cancellation)
    {
        while (_rows.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            if (++_rowCount > ClientLimits.ReplayLinesMax)
                throw new CsvException(string.Create(CultureInfo.InvariantCulture, $"The file has more than {ClientLimits.ReplayLinesMax:N0} rows: split it."));
            var problem = _rows.Problem ?? _reader.Read(out var row) ?? Take(row);
            if (problem is not null) AddBadRow(problem);
        }

        var baskets = _inFileOrder.OrderBy(basket => basket.First.OccurredAt).ThenBy(basket => basket.First.FileLine).ToList();
        var operations = new CancellationMatcher(_options.Mapping, _quirks).ToOperations(baskets);
        return new ReplayPlan
        {
            Operations = operations,
            Quirks = _quirks,
            Rows = _rowCount,
            Lines = operations.OfType<PurchaseOperation>().Sum(purchase => (long)purchase.Lines.Count),
            BadRows = _badRows,
            Stores = operations.Select(operation => operation.Store).Distinct(StringComparer.Ordinal).ToList(),
            Customers = operations
                .Where(operation => operation.Customer is not null)
                .DistinctBy(operation => operation.Customer, StringComparer.Ordinal)
                .Select(operation => (operation.Customer!, operation.Store))
                .ToList(),
        };
    }

    /// <summary>Puts a row into its basket; a sentence when it contradicts the rows before it.</summary>
    private string? Take(Row row)
    {
        var key = (row.Store, row.Receipt);
        if (!_baskets.TryGetValue(key, out var basket))
        {
            basket = new Basket(row);
            _baskets.Add(key, basket);
            _inFileOrder.Add(basket);
        }
        else
        {
            if (basket.First.Customer != row.Customer) return $"receipt {row.Receipt} has another customer on line {basket.First.FileLine}.";
            if (basket.First.IsCancellation != row.IsCancellation) return $"receipt {row.Receipt} is both a sale and a cancellation (line {basket.First.FileLine}).";
            if (basket.First.OccurredAt != row.OccurredAt && !basket.HasSeveralTimes)
            {
                basket.HasSeveralTimes = true;
                _quirks.Add(Quirks.SeveralTimes);
            }

            if (_last != basket && !basket.IsScattered)
            {
                basket.IsScattered = true;
                _quirks.Add(Quirks.NotAdjacent);
            }
        }

        basket.Add(row);
        _last = basket;
        return null;
    }

    private void AddBadRow(string problem)
    {
        _quirks.Add(Quirks.BadRows);
        if (_badRows.Count < ClientLimits.BadRowsNamedMax) _badRows.Add(new BadRow(_rows.Line, problem));
    }
}

/// <summary>The rows of one receipt.</summary>
internal sealed class Basket(Row first)
{
    private readonly List<PurchaseLineRequest> _lines = [];

    public Row First { get; } = first;
    public bool IsScattered { get; set; }
    public bool HasSeveralTimes { get; set; }
    public IReadOnlyList<PurchaseLineRequest> Lines => _lines;
    public decimal Units { get; private set; }
    public long AmountMinor { get; private set; }

    public void Add(Row row)
    {
        Units += row.Quantity;
        AmountMinor += row.AmountMinor;
        _lines.Add(new PurchaseLineRequest
        {
            Line = row.Line ?? _lines.Count + 1,
            Product = row.Product,
            Category = row.Category,
            Quantity = row.Quantity,
            PriceMinor = row.AmountMinor + row.DiscountMinor,
            DiscountMinor = row.DiscountMinor,
        });
    }
}
