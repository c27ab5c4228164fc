namespace ChainCrm.Domain.Programmes;

/// <summary>What tiers can ask for, as it adds up in a window of days (docs/domain/tiers.md).</summary>
/// <param name="Spend">Price less discount, net of returns.</param>
/// <param name="Points">Points that purchases earned, less what returns took back; spending and expiry change nothing.</param>
/// <param name="Visits">Stores that something was bought in, each once a day.</param>
public readonly record struct TierMeasures(Money Spend, Points Points = default, int Visits = 0) : IComparable<TierMeasures>
{
    /// <summary>By spend, then points, then visits.</summary>
    public int CompareTo(TierMeasures other) =>
        Spend != other.Spend ? Spend.CompareTo(other.Spend) : Points != other.Points ? Points.CompareTo(other.Points) : Visits.CompareTo(other.Visits);
}

/// <summary>Whether a tier wants all that it asks for, or any of it.</summary>
public enum TierQualify
{
    All,
    Any,
}

/// <summary>Which days count for a tier.</summary>
/// <param name="Months">Length in months; of a calendar window 1, 3, 6 or 12.</param>
/// <param name="IsCalendar">It begins with a month, quarter, half-year or year; otherwise so many months before its last day.</param>
public readonly record struct QualifyingWindow(int Months, bool IsCalendar = false)
{
    /// <summary>First day of the window that ends with a day.</summary>
    public BusinessDay FirstDay(BusinessDay last)
    {
        if (!IsCalendar) return Customers.SpendWindow.FirstDay(last, Months);
        var date = last.ToDate();
        return BusinessDay.From(new DateOnly(date.Year, ((date.Month - 1) / Months * Months) + 1, 1));
    }

    /// <summary>Reads <c>qualifyingWindow</c> and <c>qualifyingMonths</c>, which is of a rolling window only.</summary>
    internal static QualifyingWindow Read(ProgrammeDocument root)
    {
        var months = (int)root.Number("qualifyingMonths", 1, Limits.QualifyingMonthsMax, 12);
        return root.Choice("qualifyingWindow", "rolling", "year", "halfYear", "quarter", "month") switch
        {
            "year" => new QualifyingWindow(12, IsCalendar: true),
            "halfYear" => new QualifyingWindow(6, IsCalendar: true),
            "quarter" => new QualifyingWindow(3, IsCalendar: true),
            "month" => new QualifyingWindow(1, IsCalendar: true),
            _ => new QualifyingWindow(months),
        };
    }
}
