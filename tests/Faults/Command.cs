namespace ChainCrm.Faults;

/// <summary>What a till asks for.</summary>
internal enum Kind { Enrolment, Purchase, Return, Redemption, Adjustment }

/// <summary>One command, from the first attempt to its answer.</summary>
/// <param name="Id">The command as the journal names it: the place it comes from, a slash and the idempotency key.</param>
/// <param name="Kind">What is asked for.</param>
/// <param name="Key">The idempotency key.</param>
/// <param name="Path">The address.</param>
/// <param name="Body">The body, to the byte.</param>
/// <param name="Customer">The customer; null for an enrolment.</param>
/// <param name="Points">By how much the balance changes by the till's own arithmetic; null when only the server can know.</param>
internal sealed record Command(string Id, Kind Kind, string Key, string Path, string Body, string? Customer, long? Points)
{
    /// <summary>Amount of a purchase, or of the purchase that comes back; minor units.</summary>
    public long AmountMinor { get; init; }

    /// <summary>Times that it was sent without an answer that settles it.</summary>
    public int Retries { get; set; }

    /// <summary>How far the journal went when the server came back and the command had no answer yet; -1 when that never was.</summary>
    public long HeadAtRetry { get; set; } = -1;
}
