namespace ChainCrm.Client.Replay;

/// <summary>Everything a replay will send, in the order of time, and what was odd about the file.</summary>
public sealed record ReplayPlan
{
    /// <summary>In the order of time; those of the same time in the order of the file.</summary>
    public required IReadOnlyList<ReplayOperation> Operations { get; init; }
    public required Quirks Quirks { get; init; }
    /// <summary>Rows of the file, the header and blank lines not counted.</summary>
    public required long Rows { get; init; }
    /// <summary>Purchase lines to send.</summary>
    public required long Lines { get; init; }
    /// <summary>Rows that cannot be read: the first <see cref="ClientLimits.BadRowsNamedMax"/>.</summary>
    public required IReadOnlyList<BadRow> BadRows { get; init; }
    /// <summary>Every store named, with the time of its first row, in the order of time.</summary>
    public required IReadOnlyList<string> Stores { get; init; }
    /// <summary>Every customer named with the store of its first row in the order of time.</summary>
    public required IReadOnlyList<(string Customer, string HomeStore)> Customers { get; init; }

    /// <summary>Purchases among the operations.</summary>
    public int Purchases => Operations.Count(operation => operation is PurchaseOperation);
}

/// <summary>How a file is to be understood.</summary>
public sealed record PlanOptions
{
    public required ColumnMapping Mapping { get; init; }
    /// <summary>Offset of local times.</summary>
    public TimeSpan UtcOffset { get; init; } = TimeSpan.FromHours(8);
    /// <summary>Days added to every time.</summary>
    public int TimeShiftDays { get; init; }
    /// <summary>Decimals of the currency, 0 to 4.</summary>
    public int CurrencyDecimals { get; init; } = 2;
}
