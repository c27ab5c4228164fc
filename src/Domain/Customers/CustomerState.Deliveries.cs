namespace ChainCrm.Domain.Customers;

// Deliveries to other customers. A customer who never sent anything has no memory for any.
public sealed partial class CustomerState
{
    /// <summary>What was sent and of which nobody knows yet what came of it, oldest first; at most <see cref="Limits.OpenDeliveriesMax"/>.</summary>
    public ReadOnlySpan<DeliverySent> Deliveries => _seldom is null ? [] : _seldom.Deliveries;

    /// <summary>Number of the newest delivery; 0 before the first.</summary>
    public int LastDelivery => _seldom?.LastDelivery ?? 0;

    /// <summary>The first of the open deliveries is looked after at this time if nobody was told before what came of it; null when none is open.</summary>
    internal Timestamp? NextDelivery
    {
        get
        {
            Timestamp? next = null;
            // Not always that of the oldest: the clock may have been set back between two.
            foreach (var delivery in Deliveries)
            {
                if (!(next <= delivery.At)) next = delivery.At;
            }

            return next is { } sent ? new Timestamp(sent.UnixMs + Limits.DeliveryDueMs) : null;
        }
    }

    /// <summary>A delivery that is open; null when there is none of this number.</summary>
    public DeliverySent? OpenDelivery(int number)
    {
        foreach (var delivery in Deliveries)
        {
            if (delivery.Delivery == number) return delivery;
        }

        return null;
    }

    internal void Fold(DeliverySent e)
    {
        LotSum -= _lots.Take(e.LotsUsed);
        var seldom = _seldom ??= new Seldom();
        seldom.Deliveries = [.. seldom.Deliveries ?? [], e];
        seldom.LastDelivery = Math.Max(seldom.LastDelivery, e.Delivery);
        Count(TransferRules.Counter, e.Counted, e.Day, e.Points);
    }

    internal void Fold(DeliveryReceived e)
    {
        Debt -= e.DebtPaid;
        for (var i = 0; i < e.LotsGranted.Count; i++) Grant(e.LotsGranted[i], e.At);
    }

    internal void Fold(DeliveryArrived e) => CloseDelivery(e.Delivery);

    internal void Fold(DeliveryGivenBack e)
    {
        CloseDelivery(e.Delivery);
        Debt -= e.DebtPaid;
        for (var i = 0; i < e.LotsGivenBack.Count; i++) Grant(e.LotsGivenBack[i], e.At);
        Count(TransferRules.Counter, e.Counted, e.Day, -e.Points);
    }

    private void CloseDelivery(int number)
    {
        var open = Deliveries;
        for (var i = 0; i < open.Length; i++)
        {
            if (open[i].Delivery != number) continue;
            _seldom!.Deliveries = open.Length == 1 ? null : [.. open[..i], .. open[(i + 1)..]];
            return;
        }

        // Only a damaged entry names a delivery that is not open: the engine sets the stream aside.
        throw new InvalidOperationException($"Delivery {number} is not open.");
    }
}
