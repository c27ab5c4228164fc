namespace ChainCrm.Domain.Customers;

/// <summary>
/// Whole parts of whole amounts. A sum is shared out by cumulative floors: the part of each piece is the floor up to and with it, less
/// the floor up to it, so that the parts add up to exactly the whole, in any number of steps.
/// </summary>
internal static class Shares
{
    /// <summary>floor(whole × part ÷ of); nothing when there is nothing to share by. All 0 or more.</summary>
    public static long Floor(long whole, long part, long of)
    {
        if (of == 0 || whole == 0 || part == 0) return 0;
        if (part == of) return whole;
        var high = Math.BigMul(whole, part, out var low);
        return high == 0 && low >= 0 ? low / of : checked((long)((Int128)whole * part / of));
    }
}
