using ChainCrm.Domain.Programmes;

namespace ChainCrm.Domain.Customers;

/// <summary>What stands against a return, in the order of <see cref="CustomerRejections"/>; the lines themselves are in <see cref="ReturnedLines"/>.</summary>
internal static class ReturnChecks
{
    /// <summary>What is wrong whoever the customer is.</summary>
    public static Rejection? Wrong(ReturnLines back)
    {
        if (!IdRules.IsValid(back.PurchaseStore)) return CustomerRejections.StoreInvalid.At("purchaseStore");
        if (!IdRules.IsReceipt(back.PurchaseReceipt)) return CustomerRejections.ReceiptInvalid.At("purchaseReceipt");
        if (!SaleTimes.IsNotAhead(back.OccurredAt, back.At)) return CustomerRejections.InFuture.At("occurredAt");
        if (!SaleTimes.Fits(back.BusinessDay, back.OccurredAt)) return CustomerRejections.BusinessDayInvalid.At("occurredAt");
        if (back.Lines is null) return CustomerRejections.NoLines.At("lines");
        if (back.Lines.Count > Limits.ReceiptLinesMax) return CustomerRejections.TooManyLines.At("lines");
        var seen = new HashSet<int>();
        for (var i = 0; i < back.Lines.Count; i++)
        {
            var line = back.Lines[i];
            if (!PurchaseChecks.IsLineNumber(line.Line)) return CustomerRejections.LineNumberInvalid.At($"lines[{i}].line");
            if (!seen.Add(line.Line)) return CustomerRejections.LineTwice.At($"lines[{i}].line");
            if (line.Quantity.Milli is < 0 or > Limits.QuantityMilliMax) return CustomerRejections.ReturnQuantityInvalid.At($"lines[{i}].quantity");
        }

        return TextRules.IsTextOrNull(back.Reason) ? null : CustomerRejections.ReasonInvalid.At("reason");
    }

    /// <summary>What the customer's state and the programme say against it.</summary>
    public static Rejection? Refuse(CustomerState state, ReturnLines back, PurchaseRecorded purchase, Programme programme)
    {
        if (purchase.OccurredAt.UnixMs - back.OccurredAt.UnixMs > Limits.SaleAheadMsMax) return CustomerRejections.ReturnBeforeSale.At("occurredAt");
        if (programme.ReturnWindowDays is { } days && back.BusinessDay.Number - purchase.BusinessDay.Number > days)
            return CustomerRejections.OutsideReturnWindow.At("purchaseReceipt");
        return back.LastReturn is null && purchase.BusinessDay <= state.ReturnsForgottenTo
            ? CustomerRejections.ReturnsForgotten.At("purchaseReceipt")
            : null;
    }

    /// <summary>
    /// The facts come from whoever runs the decider; wrong ones would let goods come back twice, so they are checked against what the
    /// state knows. A difference is a mistake in the program, not a refusal.
    /// </summary>
    public static void FactsFit(CustomerState state, ReturnLines back, PurchaseRecorded purchase)
    {
        if (purchase.Store != back.PurchaseStore || purchase.Receipt != back.PurchaseReceipt)
            throw new InvalidOperationException("The purchase that was loaded is not the one that is returned.");
        var known = state.LastReturnOf(back.PurchaseStore, back.PurchaseReceipt) is not null;
        if (known != back.LastReturn is not null)
            throw new InvalidOperationException("The last return of the receipt was not loaded, or one was loaded that the state does not know.");
        if (back.LastReturn is { } last && (last.PurchaseStore != back.PurchaseStore || last.PurchaseReceipt != back.PurchaseReceipt))
            throw new InvalidOperationException("The last return that was loaded is of another receipt.");
    }
}
