namespace ChainCrm.Domain.Customers;

/// <summary>The command that an entry was decided from, as far as its events tell: enough to decide it again under other rules.</summary>
public static class CommandAgain
{
    /// <summary>The command; null when nothing is left of it to decide (a return of nothing that could be named).</summary>
    /// <param name="events">The events of the entry.</param>
    /// <param name="offsetOf">Minutes that the chain's local time was ahead of UTC at an instant.</param>
    /// <param name="placeOf">Region and city of a store.</param>
    public static CustomerCommand? Of(IReadOnlyList<CustomerEvent> events, Func<Timestamp, int> offsetOf, Func<StoreId, (string? Region, string? City)> placeOf)
    {
        foreach (var happened in events)
        {
            switch (happened)
            {
                case CustomerEnrolled e:
                    return new Enrol { At = e.At, Origin = e.Origin, HomeStore = e.HomeStore, Profile = e.Profile, Identities = e.Identities, ReferredBy = e.ReferredBy, UtcOffsetMinutes = offsetOf(e.At) };
                case ProfileChanged e:
                    return new ChangeProfile { At = e.At, Origin = e.Origin, HomeStore = e.HomeStore, Profile = e.Profile, Identities = e.Identities };
                case PurchaseRecorded e:
                    return Of(e, offsetOf(e.OccurredAt), placeOf(e.Store));
                case LinesReturned e:
                    return Of(e);
                case PointsRedeemed e:
                    return new RedeemPoints { At = e.At, Origin = e.Origin, Points = e.Points, Reason = e.Reason };
                case DeliverySent { Kind: DeliveryKinds.Transfer } e:
                    return new TransferPoints
                    {
                        // Nobody is called nothing: who gives does not matter here.
                        At = e.At, Origin = e.Origin, From = default, To = e.To, Points = e.Points, Reason = e.Reason, UtcOffsetMinutes = offsetOf(e.At), Number = e.Delivery,
                    };
                case DeliveryReceived { Kind: DeliveryKinds.ReferralBack, Points.Count: >= 0 }:
                    return null;
                case DeliveryReceived e:
                    return Of(e, offsetOf(e.At));
                case DeliveryArrived e:
                    return new SettleDelivery { At = e.At, Origin = e.Origin, Delivery = e.Delivery };
                case DeliveryGivenBack e:
                    return new SettleDelivery { At = e.At, Origin = e.Origin, Delivery = e.Delivery, Refusal = e.Refusal };
                case PointsExtended e:
                    return new ExtendPoints
                    {
                        At = e.At, Origin = e.Origin, LastDay = Earning.DayOf(new Timestamp(e.Until.UnixMs - 1), offsetOf(e.At)),
                        EndingBefore = e.EndingBy is { } by ? Earning.DayOf(by, offsetOf(e.At)) : null, Reason = e.Reason, UtcOffsetMinutes = offsetOf(e.At),
                    };
                case PointsFrozen e:
                    return new FreezePoints { At = e.At, Origin = e.Origin, Reason = e.Reason };
                case PointsReleased e:
                    return new ReleasePoints { At = e.At, Origin = e.Origin, Reason = e.Reason };
                case StoredValueToppedUp e:
                    return new TopUpStoredValue { At = e.At, Origin = e.Origin, Amount = e.Amount, UtcOffsetMinutes = offsetOf(e.At) };
                case StoredValueRefunded e:
                    return new RefundStoredValue { At = e.At, Origin = e.Origin, Amount = e.Amount, Reason = e.Reason };
                case StoredValueFrozen e:
                    return new FreezeStoredValue { At = e.At, Origin = e.Origin, Reason = e.Reason };
                case StoredValueReleased e:
                    return new ReleaseStoredValue { At = e.At, Origin = e.Origin, Reason = e.Reason };
                case CouponsIssued e:
                    return new IssueCoupons
                    {
                        At = e.At, Origin = e.Origin, Kind = e.Coupons[0].Kind, Count = e.Coupons.Count, Reason = e.Reason ?? "", UtcOffsetMinutes = offsetOf(e.At),
                    };
                case CouponRevoked e:
                    return new RevokeCoupon { At = e.At, Origin = e.Origin, Number = e.Number, Reason = e.Reason };
                case TagAdded e:
                    return new AddTag
                    {
                        At = e.At, Origin = e.Origin, Tag = e.Tag, LastDay = e.Until is { } until ? Earning.DayOf(new Timestamp(until.UnixMs - 1), offsetOf(e.At)) : null,
                        UtcOffsetMinutes = offsetOf(e.At),
                    };
                case TagRemoved e:
                    return new RemoveTag { At = e.At, Origin = e.Origin, Tag = e.Tag };
                case BasketOpened or BasketChanged or BasketCancelled:
                    // What was held kept others from spending, and they did not: a history without baskets is the same.
                    return null;
                case PointsAdjusted e:
                    return new AdjustPoints { At = e.At, Origin = e.Origin, Points = e.Points, Reason = e.Reason, UtcOffsetMinutes = offsetOf(e.At) };
            }
        }

        return new WakeCustomer { At = events[0].At, Origin = events[0].Origin };
    }

    // What paid debt was of those that end first.
    private static TakeDelivery Of(DeliveryReceived e, int offset) => new()
    {
        At = e.At, Origin = e.Origin, From = e.From, Delivery = e.Delivery, Of = e.Of, Kind = e.Kind, Points = new Points(Math.Abs(e.Points.Count)), Reason = e.Reason, UtcOffsetMinutes = offset,
        // A reward is taken back as it was: what became of the delivery that had brought it is not lived again.
        Received = e.Kind == DeliveryKinds.ReferralBack ? e with { Points = -e.Points } : null,
        // What was made for the customer is made again.
        Lots = e.Kind != DeliveryKinds.Transfer ? [] :
        [
            .. e.DebtPaid == Points.Zero ? [] : new[] { new DeliveredLot(e.DebtPaid, e.At, e.LotsGranted is [var first, ..] ? first.ExpiresAt : null) },
            .. e.LotsGranted.Select(static lot => new DeliveredLot(lot.Points, lot.ActiveFrom, lot.ExpiresAt)),
        ],
    };

    private static RecordPurchase Of(PurchaseRecorded e, int offset, (string? Region, string? City) place) => new()
    {
        At = e.At,
        Origin = e.Origin,
        Store = e.Store,
        Receipt = e.Receipt,
        OccurredAt = e.OccurredAt,
        BusinessDay = e.BusinessDay,
        UtcOffsetMinutes = offset,
        Lines = [.. e.Lines.Select((line, place) => new PurchaseLine
        {
            Line = line.Line, Product = line.Product, Category = line.Category, Brand = line.Brand, Quantity = line.Quantity, Price = line.Price,
            Discount = OfTheTill(e, line, place),
        })],
        MemberPrices = e.AsksMemberPrices,
        // Under other rules goods may not be on sale yet: the sale took place all the same.
        SoldAlready = true,
        Coupons = Shown(e),
        // Under other rules a coupon may not be there, or not fit: the sale took place all the same.
        SkipCoupons = true,
        UsePoints = e.PointsUsed,
        UseStoredValue = e.StoredValueUsed.Sum(),
        Channel = e.Channel,
        // Where the rules asked, the entry knows; where they did not, today's place is the best there is.
        Region = e.Region ?? place.Region,
        City = e.City ?? place.City,
    };

    /// <summary>What the till had taken off a line itself.</summary>
    private static Money OfTheTill(PurchaseRecorded e, in RecordedLine line, int place)
    {
        var discount = e.CouponShares.Count == 0 ? line.Discount : line.Discount - e.CouponShares[place];
        foreach (var use in e.MemberPrices)
        {
            if (use.Line == line.Line) return discount - use.Off;
        }

        return discount;
    }

    /// <summary>The coupons that the customer showed, those too that were left alone: under other rules they may fit. Not those that a basket held, since baskets are left out.</summary>
    private static int[]? Shown(PurchaseRecorded e) => e.Coupons.Count + e.CouponsSkipped.Count == 0 ? null :
    [
        .. e.Coupons.Select(static use => use.Number),
        .. e.CouponsSkipped.Where(static skipped => skipped.Code != CustomerRejections.CouponHeld.Code).Select(static skipped => skipped.Number),
    ];

    private static ReturnLines? Of(LinesReturned e)
    {
        // A fee that costs nothing does not show whether it came back now or before: whoever lives it again knows.
        var lines = e.Lines.Where(static line => line.Quantity.Milli > 0 || line.Amount > Money.Zero || line is { QuantitySoFar.Milli: 0, AmountSoFar.Minor: 0 }).Select(static line => new ReturnLine(line.Line, line.Quantity)).ToList();
        return lines.Count == 0 ? null : new ReturnLines
        {
            At = e.At, Origin = e.Origin, PurchaseStore = e.PurchaseStore, PurchaseReceipt = e.PurchaseReceipt, OccurredAt = e.OccurredAt, BusinessDay = e.BusinessDay, Lines = lines,
            Reason = e.Reason,
        };
    }
}
