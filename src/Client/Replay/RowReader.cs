using System.Globalization;

namespace ChainCrm.Client.Replay;

/// <summary>One row of the file, understood.</summary>
internal readonly record struct Row(
    long FileLine, string? Customer, string Store, string Receipt, int? Line, string Product, string? Category, decimal Quantity,
    long AmountMinor, long DiscountMinor, DateTimeOffset OccurredAt, bool IsCancellation);

/// <summary>Takes the fields of a row apart by the mapping and counts what is odd about them.</summary>
internal sealed class RowReader
{
    private const NumberStyles QuantityStyle = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    private readonly CsvRows _rows;
    private readonly PlanOptions _options;
    private readonly Quirks _quirks;
    private readonly int _customer, _store, _receipt, _line, _product, _category, _quantity, _amount, _time, _cancellation;
    private readonly int[] _discounts;
    // Ids repeat from row to row: one copy of each keeps a large file small in memory.
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);

    public RowReader(CsvRows rows, PlanOptions options, Quirks quirks)
    {
        (_rows, _options, _quirks) = (rows, options, quirks);
        var mapping = options.Mapping;
        if (mapping.Missing() is { } missing) throw new CsvException(missing);
        _customer = Column(mapping.Customer);
        _store = Column(mapping.Store);
        _receipt = Column(mapping.Receipt);
        _line = Column(mapping.Line);
        _product = Column(mapping.Product);
        _category = Column(mapping.Category);
        _quantity = Column(mapping.Quantity);
        _amount = Column(mapping.Amount);
        _time = Column(mapping.Time);
        _cancellation = Column(mapping.Cancellation);
        _discounts = mapping.Discounts.Select(name => Column(name)).ToArray();
    }

    /// <summary>Reads the current row; a sentence when it cannot be read.</summary>
    public string? Read(out Row row)
    {
        row = default;
        var receipt = Text(_receipt);
        if (receipt.Length == 0) return "the receipt number is empty.";
        var store = _store < 0 ? _options.Mapping.DefaultStore! : Text(_store);
        if (store.Length == 0) store = _options.Mapping.DefaultStore ?? "";
        if (store.Length == 0) return "the store is empty.";

        int? line = null;
        if (_line >= 0)
        {
            if (!int.TryParse(_rows[_line].AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return $"'{_rows[_line]}' is no line number.";
            line = number;
        }

        var quantity = 1m;
        if (_quantity >= 0 && !decimal.TryParse(_rows[_quantity].AsSpan().Trim(), QuantityStyle, CultureInfo.InvariantCulture, out quantity))
            return $"'{_rows[_quantity]}' is no quantity.";
        if (!MinorUnits.TryParse(_rows[_amount], _options.CurrencyDecimals, out var amount, out var amountRounding))
            return $"'{_rows[_amount]}' is no amount.";
        if (ReadDiscounts(out var discount, out var discountRounding) is { } wrong) return wrong;
        if (!LocalTime.TryParse(_rows[_time], _options.UtcOffset, out var time)) return $"'{_rows[_time]}' is no time.";
        if (!TryShift(ref time)) return "the shifted time is out of range.";

        var product = _product < 0 ? "" : Text(_product);
        var cancels = _cancellation >= 0 && _rows[_cancellation].Trim() is "1" or "true" or "True" or "TRUE";
        Count(quantity, amount, discount, product, cancels);
        if (amountRounding != 0) _quirks.AddRounding(amountRounding);
        if (discountRounding != 0) _quirks.AddRounding(discountRounding);

        var customer = _customer < 0 ? "" : Text(_customer);
        row = new Row(
            _rows.Line, customer.Length == 0 ? null : customer, store, receipt, line, product.Length == 0 ? PlanBuilder.UnknownProduct : product,
            _category < 0 ? null : Text(_category), quantity, amount, discount, time, cancels);
        return null;
    }

    private string? ReadDiscounts(out long discount, out decimal rounding)
    {
        (discount, rounding) = (0, 0);
        foreach (var column in _discounts)
        {
            var text = _rows[column];
            if (string.IsNullOrWhiteSpace(text)) continue;
            if (!MinorUnits.TryParse(text, _options.CurrencyDecimals, out var minor, out var off)) return $"'{text}' is no discount.";
            discount += minor;
            rounding += off;
        }

        return null;
    }

    private bool TryShift(ref DateTimeOffset time)
    {
        var days = (time.UtcDateTime - DateTime.UnixEpoch).TotalDays + _options.TimeShiftDays;
        if (days is < -700_000 or > 2_900_000) return false;
        time = time.AddDays(_options.TimeShiftDays);
        return true;
    }

    private void Count(decimal quantity, long amount, long discount, string product, bool cancels)
    {
        if (quantity == 0) _quirks.Add(Quirks.ZeroQuantity);
        if (amount == 0) _quirks.Add(Quirks.ZeroAmount);
        if (quantity > Quirks.LargeQuantityFrom) _quirks.Add(Quirks.LargeQuantity);
        if (discount < 0) _quirks.Add(Quirks.NegativeDiscount);
        if (_product >= 0 && product.Length == 0) _quirks.Add(Quirks.NoProduct);
        if (cancels) return;
        if (quantity < 0) _quirks.Add(Quirks.NegativeQuantity);
        if (amount < 0) _quirks.Add(Quirks.NegativeAmount);
    }

    private int Column(string? name)
    {
        if (name is null) return -1;
        var index = _rows.IndexOf(name);
        return index >= 0 ? index : throw new CsvException($"The file has no column '{name}'. It has: {string.Join(", ", _rows.Columns)}.");
    }

    private string Text(int column)
    {
        var text = _rows[column].Trim();
        if (_texts.TryGetValue(text, out var known)) return known;
        _texts.Add(text, text);
        return text;
    }
}
