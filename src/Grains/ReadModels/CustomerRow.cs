namespace ChainCrm.Grains.ReadModels;

/// <summary>The numbers of a row of the customers table and how a purchase moves them on; <see cref="KnownStores"/> has its stores.</summary>
internal struct CustomerRow
{
    public long Purchases;

    /// <summary>The latest business day with a purchase.</summary>
    public long? LastDay;

    /// <summary>Bit k: a purchase on the day k + 1 days before <see cref="LastDay"/>.</summary>
    public long DaysBefore;

    /// <summary>
    /// Marks a day with a purchase; true when it is the customer's first of that day. A day further back than
    /// <see cref="GrainLimits.ActiveDaysKept"/> from the latest is never counted: what is not remembered can't be told from what was counted.
    /// </summary>
    public bool MarkDay(int day)
    {
        if (LastDay is not { } last)
        {
            LastDay = day;
            return true;
        }

        if (day == last) return false;
        if (day > last)
        {
            var ahead = day - last;
            DaysBefore = ahead > GrainLimits.ActiveDaysKept ? 0 : ((DaysBefore << (int)ahead) | (1L << (int)(ahead - 1))) & ((1L << GrainLimits.ActiveDaysKept) - 1);
            LastDay = day;
            return true;
        }

        var behind = last - day;
        if (behind > GrainLimits.ActiveDaysKept) return false;
        var bit = 1L << (int)(behind - 1);
        if ((DaysBefore & bit) != 0) return false;
        DaysBefore |= bit;
        return true;
    }
}
