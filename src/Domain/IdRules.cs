namespace ChainCrm.Domain;

/// <summary>What ids and receipt numbers may look like.</summary>
public static class IdRules
{
    /// <summary>A store: 1 to <see cref="Limits.StoreIdLengthMax"/> characters of A-Z a-z 0-9 - _ .</summary>
    public static bool IsValid(StoreId id) => IsWord(id.Value, Limits.StoreIdLengthMax);

    /// <summary>A customer: 1 to <see cref="Limits.IdLengthMax"/> characters of A-Z a-z 0-9 - _ .</summary>
    public static bool IsValid(CustomerId id) => IsWord(id.Value, Limits.IdLengthMax);

    /// <summary>A tier: as a store.</summary>
    public static bool IsValid(TierId id) => IsWord(id.Value, Limits.StoreIdLengthMax);

    /// <summary>A till: printable, 1 to <see cref="Limits.IdLengthMax"/> characters.</summary>
    public static bool IsValid(TillId id) => IsPrintable(id.Value);

    /// <summary>A member of staff: printable, 1 to <see cref="Limits.IdLengthMax"/> characters.</summary>
    public static bool IsValid(StaffId id) => IsPrintable(id.Value);

    /// <summary>A product: printable, 1 to <see cref="Limits.IdLengthMax"/> characters.</summary>
    public static bool IsValid(ProductId id) => IsPrintable(id.Value);

    /// <summary>A receipt number: 1 to <see cref="Limits.IdLengthMax"/> characters of ASCII without spaces and control characters.</summary>
    public static bool IsReceipt(string? receipt)
    {
        if (string.IsNullOrEmpty(receipt) || receipt.Length > Limits.IdLengthMax) return false;
        foreach (var c in receipt)
        {
            if (c is <= ' ' or > '~') return false;
        }

        return true;
    }

    /// <summary>The origin of a command: what it names must be well formed.</summary>
    public static bool IsValid(Origin origin) =>
        (origin.Store is not { } store || IsValid(store))
        && (origin.Staff is not { } staff || IsValid(staff))
        && (origin.Till is not { } till || IsValid(till));

    /// <summary>An earning rule, a group: as a store.</summary>
    public static bool IsWord(string text) => IsWord(text, Limits.RuleIdLengthMax);

    private static bool IsWord(string? text, int max)
    {
        if (string.IsNullOrEmpty(text) || text.Length > max) return false;
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.')) return false;
        }

        return true;
    }

    private static bool IsPrintable(string? text) =>
        !string.IsNullOrWhiteSpace(text) && text.Length <= Limits.IdLengthMax && TextRules.IsClean(text);
}
