namespace ChainCrm.Domain;

/// <summary>Every bound of the rules. Relations between limits are asserted in tests/Tidy.</summary>
public static class Limits
{
    /// <summary>Lines of one receipt.</summary>
    public const int ReceiptLinesMax = 2_000;

    /// <summary>Largest amount of one line or receipt: 100 million in major units.</summary>
    public const long AmountMinorMax = 10_000_000_000;

    /// <summary>Largest number of points in one command.</summary>
    public const long PointsMax = 1_000_000_000;

    /// <summary>Largest quantity of a line: 1 million units.</summary>
    public const long QuantityMilliMax = 1_000_000_000;

    /// <summary>Visits a customer's state keeps for the member card.</summary>
    public const int VisitsKept = 5;

    /// <summary>Open lots a customer's state holds before small ones are merged.</summary>
    public const int OpenLotsMax = 512;

    /// <summary>Receipts with returns that a customer's state remembers.</summary>
    public const int ReturnedReceiptsMax = 256;

    /// <summary>Characters of ids and receipt numbers.</summary>
    public const int IdLengthMax = 64;

    /// <summary>Characters of a reason, a note, a name of a store.</summary>
    public const int TextLengthMax = 200;
}
