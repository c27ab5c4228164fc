namespace ChainCrm.Domain.Customers;

/// <summary>The lines of a return, counted: this time and so far.</summary>
internal readonly struct ReturnedLines
{
    private readonly Part[] _parts;

    private ReturnedLines(Rejection rejection) => (Rejection, Lines, _parts) = (rejection, [], []);

    private ReturnedLines(PurchaseRecorded purchase, Part[] parts)
    {
        var lines = new List<ReturnedLine>();
        for (var i = 0; i < parts.Length; i++)
        {
            var bought = purchase.Lines[i];
            if (bought.Lot != 0) Lot = bought.Lot;
            if (!parts[i].IsBack) continue;
            var line = parts[i].ToLine(bought);
            lines.Add(line);
            AmountSoFar += line.AmountSoFar;
            Amount += line.Amount;
        }

        (Lines, _parts) = (lines, parts);
    }

    /// <summary>Why not; null when it can be.</summary>
    public Rejection? Rejection { get; }
    /// <summary>Every line that came back so far, without points.</summary>
    public IReadOnlyList<ReturnedLine> Lines { get; }
    /// <summary>What comes back now, and in all so far.</summary>
    public Money Amount { get; }
    public Money AmountSoFar { get; }
    /// <summary>The lot of what the receipt earned; 0 when there was none.</summary>
    public int Lot { get; }

    /// <summary>Amount and quantity of each line of the purchase that is kept.</summary>
    public LinePoints[] Kept(PurchaseRecorded purchase)
    {
        var kept = new LinePoints[_parts.Length];
        for (var i = 0; i < kept.Length; i++) kept[i] = _parts[i].Kept(purchase.Lines[i]);
        return kept;
    }

    /// <summary>Amount before coupons and quantity of each line of the purchase that is kept.</summary>
    public LinePoints[] KeptBeforeCoupons(PurchaseRecorded purchase)
    {
        var kept = Kept(purchase);
        var whole = new long[kept.Length];
        for (var i = 0; i < whole.Length; i++) whole[i] = (purchase.Lines[i].Price - purchase.Lines[i].Discount + purchase.CouponShares[i]).Minor;
        KeptOf(purchase, whole);
        for (var i = 0; i < whole.Length; i++) kept[i].Amount = new Money(whole[i]);
        return kept;
    }

    /// <summary>Of an amount of each line what is kept, in place.</summary>
    public ReadOnlySpan<long> KeptOf(PurchaseRecorded purchase, Span<long> whole)
    {
        for (var i = 0; i < whole.Length; i++) whole[i] -= Part.Share(purchase.Lines[i], whole[i], _parts[i].SoFar);
        return whole;
    }

    /// <summary>The lines, with what this return takes back shared out among those that come back now by their amounts; the last gets what no amount can carry.</summary>
    /// <param name="before">The last return of the receipt.</param>
    /// <param name="takenBack">What this return takes back.</param>
    public ReturnedLine[] WithPoints(LinesReturned? before, Points takenBack)
    {
        var lines = new ReturnedLine[Lines.Count];
        var last = LastNow();
        var (amountUpTo, pointsUpTo) = (0L, 0L);
        for (var i = 0; i < lines.Length; i++)
        {
            var line = Lines[i];
            amountUpTo += line.Amount.Minor;
            var upTo = i >= last ? takenBack.Count : Shares.Floor(takenBack.Count, amountUpTo, Amount.Minor);
            var points = new Points(upTo - pointsUpTo);
            pointsUpTo = upTo;
            lines[i] = line with { PointsTakenBack = points, PointsTakenBackSoFar = Before(before, line.Line) + points };
        }

        return lines;
    }

    /// <summary>What the returns before this one took back.</summary>
    public static Points TakenBefore(LinesReturned? before)
    {
        var sum = Points.Zero;
        foreach (var line in before?.Lines ?? []) sum += line.PointsTakenBackSoFar;
        return sum;
    }

    private static Points Before(LinesReturned? before, int number)
    {
        foreach (var line in before?.Lines ?? [])
        {
            if (line.Line == number) return line.PointsTakenBackSoFar;
        }

        return Points.Zero;
    }

    // The last line that brings money back, or else the last that brings anything.
    private int LastNow()
    {
        var (withAmount, any) = (-1, 0);
        for (var i = 0; i < Lines.Count; i++)
        {
            if (Lines[i].Amount > Money.Zero) withAmount = i;
            if (Lines[i].Quantity.Milli > 0) any = i;
        }

        return withAmount >= 0 ? withAmount : any;
    }

    /// <summary>Counts, and refuses what can't come back.</summary>
    public static ReturnedLines Count(ReturnLines back, PurchaseRecorded purchase)
    {
        var parts = new Part[purchase.Lines.Count];
        var places = new Dictionary<int, int>(parts.Length);
        for (var i = 0; i < parts.Length; i++) places.Add(purchase.Lines[i].Line, i);
        foreach (var line in back.LastReturn?.Lines ?? [])
        {
            var place = places[line.Line];
            var before = purchase.Lines[place].Quantity.Milli == 0 ? Part.Whole(purchase.Lines[place]) : line.QuantitySoFar.Milli;
            parts[place] = new Part(before, before);
        }

        return back.Lines.Count == 0 ? Everything(purchase, parts) : These(back, purchase, parts, places);
    }

    private static ReturnedLines Everything(PurchaseRecorded purchase, Part[] parts)
    {
        var any = false;
        for (var i = 0; i < parts.Length; i++)
        {
            var whole = Part.Whole(purchase.Lines[i]);
            any |= parts[i].SoFar < whole;
            parts[i] = new Part(parts[i].SoFar, whole);
        }

        return any ? new ReturnedLines(purchase, parts) : new ReturnedLines(CustomerRejections.AlreadyReturned.At("purchaseReceipt"));
    }

    private static ReturnedLines These(ReturnLines back, PurchaseRecorded purchase, Part[] parts, Dictionary<int, int> places)
    {
        for (var i = 0; i < back.Lines.Count; i++)
        {
            var line = back.Lines[i];
            if (!places.TryGetValue(line.Line, out var place)) return Refused(CustomerRejections.UnknownLine, i, "line");
            var (bought, before) = (purchase.Lines[place], parts[place].SoFar);
            if (before == Part.Whole(bought)) return Refused(CustomerRejections.AlreadyReturned, i, "line");
            if (bought.Quantity.Milli == 0)
            {
                if (line.Quantity.Milli != 0) return Refused(CustomerRejections.LineReturnsWhole, i, "quantity");
                parts[place] = new Part(before, Part.Whole(bought));
                continue;
            }

            if (line.Quantity.Milli == 0) return Refused(CustomerRejections.ReturnQuantityInvalid, i, "quantity");
            if (line.Quantity.Milli > bought.Quantity.Milli - before) return Refused(CustomerRejections.ReturnsTooMuch, i, "quantity");
            parts[place] = new Part(before, before + line.Quantity.Milli);
        }

        return new ReturnedLines(purchase, parts);
    }

    private static ReturnedLines Refused(Rejection rejection, int line, string field) => new(rejection.At($"lines[{line}].{field}"));

    /// <summary>One line of the purchase: thousandths back before this return, and with it.</summary>
    private readonly record struct Part(long Before, long SoFar)
    {
        /// <summary>The whole line in thousandths. A line without quantity is one piece that nobody can divide.</summary>
        public static long Whole(in RecordedLine bought) => Math.Max(1, bought.Quantity.Milli);

        public bool IsBack => SoFar > 0;

        public static long Share(in RecordedLine bought, long whole, long back) => Shares.Floor(whole, back, Whole(bought));

        private long Now(in RecordedLine bought, long whole) => Share(bought, whole, SoFar) - Share(bought, whole, Before);

        /// <summary>What stays with the customer.</summary>
        public LinePoints Kept(in RecordedLine bought)
        {
            var amount = (bought.Price - bought.Discount).Minor;
            return new LinePoints
            {
                Amount = new Money(amount - Share(bought, amount, SoFar)),
                Quantity = new Quantity(Math.Max(0, bought.Quantity.Milli - SoFar)),
            };
        }

        /// <summary>The line as it is recorded, points still to come.</summary>
        public ReturnedLine ToLine(in RecordedLine bought)
        {
            var amount = (bought.Price - bought.Discount).Minor;
            var counts = bought.Quantity.Milli != 0;
            return new ReturnedLine
            {
                Line = bought.Line,
                Quantity = new Quantity(counts ? SoFar - Before : 0),
                Amount = new Money(Now(bought, amount)),
                PointsTakenBack = Points.Zero,
                QuantitySoFar = new Quantity(counts ? SoFar : 0),
                AmountSoFar = new Money(Share(bought, amount, SoFar)),
                PointsTakenBackSoFar = Points.Zero,
            };
        }
    }
}
