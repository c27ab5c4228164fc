namespace ChainCrm.Client.Replay;

/// <summary>
/// Turns receipts into operations. A cancellation is matched to the newest earlier purchase of the same customer with exactly the
/// opposite units and amount that has not been taken back yet; without one it is sent all the same, for the receipt that its number
/// suggests, so that the server refuses it with a number and it is counted there, not guessed away here.
/// </summary>
internal sealed class CancellationMatcher(ColumnMapping mapping, Quirks quirks)
{
    private readonly Dictionary<(string Customer, decimal Units, long AmountMinor), Stack<Basket>> _open = [];

    /// <summary>The operations of receipts in the order of time.</summary>
    public List<ReplayOperation> ToOperations(List<Basket> baskets)
    {
        var operations = new List<ReplayOperation>(baskets.Count);
        foreach (var basket in baskets)
        {
            if (basket.First.Customer is null) quirks.Add(Quirks.WalkIns);
            operations.Add(basket.First.IsCancellation ? Cancel(basket) : Buy(basket));
        }

        return operations;
    }

    private PurchaseOperation Buy(Basket basket)
    {
        if (basket.AmountMinor <= 0) quirks.Add(Quirks.ZeroReceipts);
        if (basket.First.Customer is { } customer && mapping.Cancellation is not null)
        {
            var key = (customer, basket.Units, basket.AmountMinor);
            if (!_open.TryGetValue(key, out var same)) _open.Add(key, same = new Stack<Basket>());
            same.Push(basket);
        }

        return new PurchaseOperation
        {
            Customer = basket.First.Customer,
            Store = basket.First.Store,
            Receipt = basket.First.Receipt,
            OccurredAt = basket.First.OccurredAt,
            FileLine = basket.First.FileLine,
            Lines = basket.Lines,
        };
    }

    private ReturnOperation Cancel(Basket basket)
    {
        quirks.Add(Quirks.Cancellations);
        Basket? bought = null;
        if (basket.First.Customer is { } customer && _open.TryGetValue((customer, -basket.Units, -basket.AmountMinor), out var same))
            same.TryPop(out bought);
        if (bought is not null) quirks.Add(Quirks.CancellationsMatched);

        return new ReturnOperation
        {
            Customer = basket.First.Customer,
            Store = bought?.First.Store ?? basket.First.Store,
            Receipt = basket.First.Receipt,
            OccurredAt = basket.First.OccurredAt,
            FileLine = basket.First.FileLine,
            PurchaseReceipt = bought?.First.Receipt ?? WithoutPrefix(basket.First.Receipt),
            IsMatched = bought is not null,
        };
    }

    private string WithoutPrefix(string receipt) =>
        mapping.CancellationPrefix is { Length: > 0 } prefix && receipt.Length > prefix.Length && receipt.StartsWith(prefix, StringComparison.Ordinal)
            ? receipt[prefix.Length..]
            : receipt;
}
